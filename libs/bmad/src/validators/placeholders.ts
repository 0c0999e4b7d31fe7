import type { Epic, Story } from '@cascade/contracts';
import { fail, type Finding } from './finding.js';

/** Left-overs of a template. Code in backticks is not looked at: `{{name}}` may be what the story is about. */
const placeholder = /\{\{[^}]*\}\}|\b_?TBD_?\b|\bT[O]DO:|\blorem ipsum\b|\[NEEDS CLARIFICATION|^\W*$|^(n\/a|none|\.\.\.|…)\.?$/i;

function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsOf(item, path === '' ? name : `${path}.${name}`));
}

/** The part of the text that is a placeholder, or undefined. */
export function findPlaceholder(text: string): string | undefined {
  return placeholder.exec(text.replace(/`[^`]*`/g, 'code').trim())?.[0];
}

/** No text may still be a template's placeholder (validate-next-story, step 1). */
export function checkPlaceholders(epic: Epic, stories: readonly Story[]): Finding[] {
  const found = (value: unknown, storyId?: string): Finding[] => textsOf(value, '').flatMap(([path, text]) => {
    const part = findPlaceholder(text);
    return part === undefined ? [] : [fail('placeholder', `"${path}" is not filled in: ${JSON.stringify(part === '' ? text : part)}`, storyId)];
  });
  return [...found(epic), ...stories.flatMap((story) => found(story, story.id))];
}
