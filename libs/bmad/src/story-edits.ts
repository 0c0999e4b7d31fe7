import type { GateDecision } from '@cascade/contracts';
import { gateDecision } from '@cascade/contracts';
import { escapeInline, tidyLine, unescapeInline } from './inline-text.js';
import { documentInvalid, splitSections } from './sections.js';
import { parseStory, qaResultsOf, type StoryStatus } from './story-document.js';

/** One review of a story, appended to `## QA Results`; entries are never rewritten. */
export interface QaReview {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly reviewer: string;
  /** Two or three sentences: what was proved and what not. */
  readonly assessment: string;
  /** One line each, e.g. `AC1: 2 passing tests`. */
  readonly compliance: readonly string[];
  readonly files: readonly string[];
  readonly gate: GateDecision;
  readonly gatePath: string;
}

const kind = 'story';
const list = (lines: readonly string[]): string => (lines.length === 0 ? '- none' : lines.map((line) => `- ${escapeInline(tidyLine(line))}`).join('\n'));

function renderReview(review: QaReview): string {
  return [
    `### Review Date: ${tidyLine(review.date)}`,
    `### Reviewed By: ${escapeInline(tidyLine(review.reviewer))}`,
    `### Code Quality Assessment\n\nResult: ${escapeInline(tidyLine(review.assessment))}`,
    `### Compliance Check\n\n${list(review.compliance)}`,
    `### Files Modified During Review\n\n${list(review.files)}`,
    `### Gate Status\n\nGate: ${review.gate} → ${review.gatePath}`,
    `### Recommended Status\n\n${review.gate === 'PASS' ? '✓ Ready for Done' : '✗ Changes Required - see the gate file'}`,
  ].join('\n\n');
}

/** The story's file with one more review at its end. Throws CASC_BMAD_DOCUMENT_INVALID when it is not a story. */
export function appendQaReview(markdown: string, review: QaReview): string {
  parseStory(markdown);
  return `${markdown.trimEnd()}\n\n${renderReview(review)}\n`;
}

/** Every review of a story's file, oldest first. */
export function parseQaReviews(markdown: string): QaReview[] {
  return qaResultsOf(markdown).split(/^(?=### Review Date: )/m).filter((part) => part.startsWith('### Review Date: ')).map(parseReview);
}

function parseReview(part: string): QaReview {
  const sections = splitSections(part);
  const titled = (prefix: string): string => unescapeInline(sections.find((section) => section.title.startsWith(prefix))?.title.slice(prefix.length).trim() ?? '');
  const body = (title: string): string => sections.find((section) => section.title === title)?.body ?? '';
  const lines = (title: string): string[] => body(title).split('\n').filter((line) => line.startsWith('- ') && line !== '- none').map((line) => unescapeInline(line.slice(2)));
  const gate = /^Gate: (\S+) → (.*)$/m.exec(body('Gate Status'));
  const decision = gateDecision.safeParse(gate?.[1]);
  if (gate === null || !decision.success) throw documentInvalid(kind, 'a review has no line "Gate: PASS|CONCERNS|FAIL → path"');
  return {
    date: titled('Review Date:'), reviewer: titled('Reviewed By:'), assessment: unescapeInline(body('Code Quality Assessment').replace(/^Result: /, '')),
    compliance: lines('Compliance Check'), files: lines('Files Modified During Review'), gate: decision.data, gatePath: gate[2] ?? '',
  };
}

/** The story's file with another status. Throws CASC_BMAD_DOCUMENT_INVALID when it is not a story. */
export function withStatus(markdown: string, status: StoryStatus): string {
  parseStory(markdown);
  return markdown.replace(/^(## Status *\n\s*)\S.*$/m, `$1${status}`);
}

/** The story's file with every task's box checked. Throws CASC_BMAD_DOCUMENT_INVALID when it is not a story. */
export function withTasksDone(markdown: string): string {
  parseStory(markdown);
  return markdown.replace(/^## Tasks \/ Subtasks *\n[\s\S]*?(?=^## )/m, (section) => section.replace(/^(\s*- )\[ \]/gm, '$1[x]'));
}

export interface DevAgentRecord {
  readonly model: string;
  readonly notes: readonly string[];
  readonly files: readonly string[];
}

/** The story's file with the developer's record filled in; what stood there is replaced. */
export function withDevAgentRecord(markdown: string, record: DevAgentRecord): string {
  parseStory(markdown);
  const section = [
    '## Dev Agent Record', `### Agent Model Used\n\n${escapeInline(tidyLine(record.model))}`, '### Debug Log References',
    `### Completion Notes List\n\n${list(record.notes)}`, `### File List\n\n${list(record.files)}`,
  ].join('\n\n');
  return markdown.replace(/^## Dev Agent Record *\n[\s\S]*?(?=^## QA Results)/m, () => `${section}\n\n`);
}
