import type { AcceptanceCriterion, Story } from '@cascade/contracts';
import { escapeInline, unescapeInline } from './inline-text.js';
import { capture, documentInvalid } from './sections.js';

/** What an epic's file and a story's file share: the user story's sentence and the numbered criteria. */
export type UserStory = Pick<Story, 'asA' | 'iWant' | 'soThat'>;

export function renderUserStory(story: UserStory): string {
  return `**As a** ${escapeInline(story.asA)},\n**I want** ${escapeInline(story.iWant)},\n**so that** ${escapeInline(story.soThat)}.`;
}

export function parseUserStory(kind: string, body: string): UserStory {
  return {
    asA: unescapeInline(capture(kind, body, /^\*\*As a\*\* (.*),$/m, 'the line "**As a** …,"')),
    iWant: unescapeInline(capture(kind, body, /^\*\*I want\*\* (.*),$/m, 'the line "**I want** …,"')),
    soThat: unescapeInline(capture(kind, body, /^\*\*so that\*\* (.*)\.$/m, 'the line "**so that** …."')),
  };
}

export function renderCriteria(criteria: readonly AcceptanceCriterion[]): string {
  return criteria.map((criterion) => {
    const indent = ' '.repeat(String(criterion.id).length + 2);
    return [
      `${criterion.id}. **Given** ${escapeInline(criterion.given)}`,
      `${indent}**When** ${escapeInline(criterion.when)}`,
      `${indent}**Then** ${escapeInline(criterion.then)}`,
    ].join('\n');
  }).join('\n');
}

export function parseCriteria(kind: string, body: string): AcceptanceCriterion[] {
  return body.split(/\n(?=\d+\. )/).map((item) => {
    const found = /^(\d+)\. \*\*Given\*\* (.*)\n +\*\*When\*\* (.*)\n +\*\*Then\*\* (.*)$/.exec(item.trimEnd());
    if (found === null) throw documentInvalid(kind, `the acceptance criterion ${JSON.stringify(item.slice(0, 80))} is not of the form "1. **Given** … **When** … **Then** …"`);
    const [given = '', when = '', then = ''] = found.slice(2).map(unescapeInline);
    return { id: Number(found[1]), given, when, then };
  });
}
