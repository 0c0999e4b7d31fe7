import type { Story } from '@cascade/contracts';
import { plannedCoverage } from '../test-design.js';
import { concern, fail, type Finding } from './finding.js';

/** Share of acceptance criteria that need a planned test. */
export const minPlannedCoverage = 0.8;

/** Planned tests per criterion: below 80 % fails, a single gap is a concern; scenarios name criteria that exist. */
export function checkCoverage(story: Story): Finding[] {
  const { covered, gaps, share } = plannedCoverage(story);
  const known = new Set(story.criteria.map((criterion) => criterion.id));
  const unknown = story.scenarios.filter((scenario) => !known.has(scenario.criterion))
    .map((scenario) => fail('scenario-criterion-unknown', `scenario ${scenario.id} is for acceptance criterion ${scenario.criterion}, which does not exist`, story.id));
  if (share < minPlannedCoverage) {
    const text = `${covered.length} of ${story.criteria.length} acceptance criteria have a test scenario, ${minPlannedCoverage * 100} % are needed; none for ${gaps.join(', ')}`;
    return [...unknown, fail('coverage-low', text, story.id)];
  }
  return [...unknown, ...gaps.map((id) => concern('coverage-gap', `acceptance criterion ${id} has no test scenario`, story.id))];
}
