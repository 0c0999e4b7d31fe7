import { story as storySchema, type Story } from '@cascade/contracts';
import { z } from 'zod';
import { testDesignPath, riskProfilePath } from './document-paths.js';
import { escapeInline, parseTableRow, table, unescapeInline } from './inline-text.js';
import { capture, documentInvalid, sectionBody, splitSections } from './sections.js';
import { parseCriteria, parseUserStory, renderCriteria, renderUserStory } from './story-parts.js';
import { tidyStory } from './tidy.js';

const kind = 'story';
export const storyStatus = z.enum(['Draft', 'Approved', 'InProgress', 'Review', 'Done']);
export type StoryStatus = z.output<typeof storyStatus>;

/** What the story's file holds; risks and scenarios have files of their own under docs/qa/assessments. */
const storyText = storySchema.omit({ risks: true, scenarios: true });
export type StoryText = z.output<typeof storyText>;

export interface StoryChange {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly version: string;
  readonly description: string;
  readonly author: string;
}

export interface StoryDocument {
  readonly story: StoryText;
  readonly status: StoryStatus;
  /** For each task, in order: its box is checked. */
  readonly tasksDone: readonly boolean[];
  readonly changes: readonly StoryChange[];
  /** Markdown below `## QA Results`. */
  readonly qaResults: string;
}

const noGuidance = 'No specific guidance was found in the repository.';

/** `docs/stories/E.S.slug.md`, every heading of story-template-v2 in its order, with the sections of the later owners empty. */
export function renderStory(story: Story, status: StoryStatus, changes: readonly StoryChange[]): string {
  const tidy = tidyStory(story);
  return `${[
    `# Story ${tidy.id}: ${escapeInline(tidy.title)}`,
    `## Status\n\n${status}`,
    `## Story\n\n${renderUserStory(tidy)}`,
    `## Acceptance Criteria\n\n${renderCriteria(tidy.criteria)}`,
    `## Tasks / Subtasks\n\n${renderTasks(tidy.tasks)}`,
    `## Dev Notes\n\n${renderDevNotes(tidy)}`,
    `### Testing\n\n${renderTesting(tidy)}`,
    `## Change Log\n\n${table(['Date', 'Version', 'Description', 'Author'], changes.map((change) => [change.date, change.version, change.description, change.author]))}`,
    '## Dev Agent Record\n\n### Agent Model Used\n\n### Debug Log References\n\n### Completion Notes List\n\n### File List',
    '## QA Results',
  ].join('\n\n')}\n`;
}

/** `)` is escaped in titles, so that only a real reference ends in one. */
const renderTasks = (tasks: Story['tasks']): string => tasks
  .map((task) => `- [ ] ${escapeInline(task.title, ')')}${task.criteria.length === 0 ? '' : ` (AC: ${task.criteria.join(', ')})`}`)
  .join('\n');

function renderDevNotes(story: Story): string {
  const notes = story.devNotes.map((note) => `- ${escapeInline(note.note)} [Source: ${escapeInline(note.source, '[]')}]`);
  return [
    `**Requirements:** ${story.requirements.join(', ')}`,
    `**Depends on:** ${story.dependsOn.length === 0 ? 'nothing' : story.dependsOn.join(', ')}`,
    notes.length === 0 ? noGuidance : notes.join('\n'),
  ].join('\n\n');
}

function renderTesting(story: Story): string {
  const scenarios = story.scenarios.map((scenario) => `- ${scenario.id} (${scenario.priority}, AC: ${scenario.criterion}): ${escapeInline(scenario.description)}`);
  return `Test design matrix: ${testDesignPath(story)}\n\nRisk profile: ${riskProfilePath(story)}\n\n${scenarios.join('\n')}`;
}

/** Reads a story's file. Throws CASC_BMAD_DOCUMENT_INVALID when a heading, list or text is missing or malformed. */
export function parseStory(markdown: string): StoryDocument {
  const sections = splitSections(markdown);
  const body = (title: string): string => sectionBody(kind, sections, title);
  const head = /^Story (\d+\.\d+): (.*)$/.exec(sections[0]?.title ?? '');
  if (head === null) throw documentInvalid(kind, 'the first heading is not "# Story E.S: Title"');
  const tasks = parseTasks(body('Tasks / Subtasks'));
  const parsed = storyText.safeParse({
    id: head[1], title: unescapeInline(head[2] ?? ''), ...parseUserStory(kind, body('Story')),
    criteria: parseCriteria(kind, body('Acceptance Criteria')), tasks: tasks.map((task) => ({ title: task.title, criteria: task.criteria })), ...parseDevNotes(body('Dev Notes')),
  });
  if (!parsed.success) throw documentInvalid(kind, z.prettifyError(parsed.error));
  return { story: parsed.data, status: parseStatus(body('Status')), tasksDone: tasks.map((task) => task.done), changes: parseChanges(body('Change Log')), qaResults: qaResultsOf(markdown) };
}

/** The five values of the template, and three that BMAD's own agents write beside them. */
function parseStatus(text: string): StoryStatus {
  const alias: Record<string, StoryStatus> = { 'Ready for Review': 'Review', 'Ready for Done': 'Review', 'In Progress': 'InProgress' };
  const status = storyStatus.safeParse(alias[text] ?? text);
  if (!status.success) throw documentInvalid(kind, `the status ${JSON.stringify(text.slice(0, 40))} is not one of ${storyStatus.options.join(', ')}`);
  return status.data;
}

function parseTasks(body: string): { title: string; criteria: number[]; done: boolean }[] {
  return body.split('\n').flatMap((line) => {
    const found = /^- \[([ xX])\] (.*?)(?: \(AC: (\d+(?:, ?\d+)*)\))?$/.exec(line);
    if (found === null) return [];
    return [{ title: unescapeInline(found[2] ?? ''), criteria: (found[3] ?? '').split(',').filter((id) => id !== '').map(Number), done: found[1] !== ' ' }];
  });
}

function parseDevNotes(body: string): Pick<StoryText, 'requirements' | 'dependsOn' | 'devNotes'> {
  const depends = capture(kind, body, /^\*\*Depends on:\*\* (.*)$/m, 'the line "**Depends on:** …"');
  return {
    requirements: capture(kind, body, /^\*\*Requirements:\*\* (.*)$/m, 'the line "**Requirements:** …"').split(', '),
    dependsOn: depends === 'nothing' ? [] : depends.split(', '),
    devNotes: body.split('\n').flatMap((line) => {
      const found = /^- (.*) \[Source: (.*)\]$/.exec(line);
      return found === null ? [] : [{ note: unescapeInline(found[1] ?? ''), source: unescapeInline(found[2] ?? '') }];
    }),
  };
}

function parseChanges(body: string): StoryChange[] {
  return body.split('\n').slice(2).flatMap((line) => {
    const cells = parseTableRow(line);
    if (cells === undefined) return [];
    const [date = '', version = '', description = '', author = ''] = cells;
    return [{ date, version, description, author }];
  });
}

/** Everything below `## QA Results`: the last section of the template. */
export function qaResultsOf(markdown: string): string {
  const at = /^## QA Results *$/m.exec(markdown);
  return at === null ? '' : markdown.slice(at.index + at[0].length).trim();
}
