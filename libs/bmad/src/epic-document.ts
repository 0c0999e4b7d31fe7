import { epic as epicSchema, story as storySchema, type Epic, type Story } from '@cascade/contracts';
import { z } from 'zod';
import { escapeInline, escapeText, tidyLine, unescapeInline, unescapeText } from './inline-text.js';
import { documentInvalid, sectionBody, splitSections, type Section } from './sections.js';
import { parseCriteria, parseUserStory, renderCriteria, renderUserStory } from './story-parts.js';
import { tidyEpic } from './tidy.js';

const kind = 'epic';
const storyOutline = storySchema.pick({ id: true, title: true, asA: true, iWant: true, soThat: true, criteria: true });
/** What an epic's file says about each of its stories; the rest is in the story's own file. */
export type StoryOutline = z.output<typeof storyOutline>;

const requirementList = (epic: Epic, prefix: 'FR' | 'NFR'): string => {
  const own = epic.requirements.filter((requirement) => requirement.id.startsWith(prefix));
  return own.length === 0 ? 'None.' : own.map((requirement) => `- ${requirement.id}: ${escapeInline(requirement.text)}`).join('\n');
};

/** The two lists of the PRD template, below headings of the given level. */
export function renderRequirements(epic: Epic, level: number): string {
  const mark = '#'.repeat(level);
  return `${mark} Functional\n\n${requirementList(epic, 'FR')}\n\n${mark} Non Functional\n\n${requirementList(epic, 'NFR')}`;
}

/** `docs/prd/epic-N-slug.md`: an epic as a shard of the PRD, headings one level up as BMAD's sharding has them. */
export function renderEpic(epic: Epic, stories: readonly StoryOutline[]): string {
  const tidy = tidyEpic(epic);
  const parts = [
    `# Epic ${tidy.id} ${escapeInline(tidy.title)}`,
    escapeText(tidy.goal),
    `## Background\n\n${escapeText(tidy.background)}`,
    `## Requirements\n\n${renderRequirements(tidy, 3)}`,
    ...stories.map(renderOutline),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderOutline(story: StoryOutline): string {
  return `## Story ${story.id} ${escapeInline(story.title)}\n\n${renderUserStory(story)}\n\n### Acceptance Criteria\n\n${renderCriteria(story.criteria)}`;
}

/** Reads what `renderEpic` wrote. Throws CASC_BMAD_DOCUMENT_INVALID when a heading, list or text is missing or malformed. */
export function parseEpic(markdown: string): { epic: Epic; stories: StoryOutline[] } {
  const sections = splitSections(markdown);
  const first = sections[0];
  const head = /^Epic (\d+) (.*)$/.exec(first?.title ?? '');
  if (first === undefined || head === null) throw documentInvalid(kind, 'the first heading is not "# Epic N Title"');
  const epic = epicSchema.safeParse({
    id: Number(head[1]),
    title: unescapeInline(head[2] ?? ''),
    goal: unescapeText(first.body),
    background: unescapeText(sectionBody(kind, sections, 'Background')),
    requirements: [...parseRequirements(sections, 'Functional'), ...parseRequirements(sections, 'Non Functional')],
  });
  if (!epic.success) throw documentInvalid(kind, z.prettifyError(epic.error));
  return { epic: epic.data, stories: parseOutlines(sections) };
}

function parseRequirements(sections: readonly Section[], title: string): Epic['requirements'] {
  return sectionBody(kind, sections, title).split('\n').flatMap((line) => {
    const found = /^- (N?FR\d+): (.*)$/.exec(line);
    return found === null ? [] : [{ id: found[1] ?? '', text: unescapeInline(found[2] ?? '') }];
  });
}

function parseOutlines(sections: readonly Section[]): StoryOutline[] {
  return sections.flatMap((section, index) => {
    const head = section.level === 2 ? /^Story (\d+\.\d+) (.*)$/.exec(section.title) : null;
    if (head === null) return [];
    const criteria = sections[index + 1];
    if (criteria?.title !== 'Acceptance Criteria') throw documentInvalid(kind, `story ${head[1]} has no acceptance criteria`);
    const outline = storyOutline.safeParse({
      id: head[1], title: unescapeInline(head[2] ?? ''), ...parseUserStory(kind, section.body), criteria: parseCriteria(kind, criteria.body),
    });
    if (!outline.success) throw documentInvalid(kind, z.prettifyError(outline.error));
    return [outline.data];
  });
}

/** A story as its epic's file shows it. */
export const outlineOf = (story: Story): StoryOutline => ({
  id: story.id, title: tidyLine(story.title), asA: story.asA, iWant: story.iWant, soThat: story.soThat, criteria: story.criteria,
});
