import type { Epic, Story } from '@cascade/contracts';
import { slugify } from './slug.js';

/**
 * Where BMAD v4 keeps each document. Assessments carry the story's slug where BMAD writes the day: the name must be the
 * same in every run of the same request, and BMAD's own consumers look for `{epic}.{story}-risk-*.md`.
 */
export const prdPath = 'docs/prd.md';
export const epicPath = (epic: Pick<Epic, 'id' | 'title'>): string => `docs/prd/epic-${epic.id}-${slugify(epic.title)}.md`;

type Named = Pick<Story, 'id' | 'title'>;
export const storyPath = (story: Named): string => `docs/stories/${story.id}.${slugify(story.title)}.md`;
export const riskProfilePath = (story: Named): string => `docs/qa/assessments/${story.id}-risk-${slugify(story.title)}.md`;
export const testDesignPath = (story: Named): string => `docs/qa/assessments/${story.id}-test-design-${slugify(story.title)}.md`;
export const gatePath = (story: Named): string => `docs/qa/gates/${story.id}-${slugify(story.title)}.yml`;
