import { cut } from '../canonical-text.js';

/** What a prompt takes of one issue or comment. */
export const MAX_PROMPT_TEXT = 20_000;

/**
 * What no reader sees: format and bidi controls, tag characters, variation selectors, fillers, private use, what is not
 * a character, and controls other than tab and line break.
 */
const invisible = /[\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5|(?![\n\t])\p{Cc}/gu;
/** `[//]: # (text)` and its like: a link that nothing refers to, used as a comment. */
const hiddenReference = /^ {0,3}\[[^\]\n]{0,200}\]: *(?:#|<>)(?: |$).*$/gm;

/**
 * A text from GitHub as its readers see it, bounded: no HTML comments, no comments by link references, no invisible
 * characters. It is still data: whoever puts it into a prompt says so there. Idempotent.
 */
export function cleanText(text: string, max = MAX_PROMPT_TEXT): string {
  const seen = withoutComments(text.slice(0, max * 4).toWellFormed().replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(invisible, '')).replace(hiddenReference, '');
  const lines = seen.split('\n').map((line) => line.trimEnd()).join('\n').replace(/\n{3,}/g, '\n\n').replace(/^\n+/, '').trimEnd();
  return cut(lines, max).trimEnd();
}

/** One line of it. */
export const cleanLine = (text: string, max: number): string => cut(cleanText(text, max).replace(/\s+/g, ' ').trim(), max).trimEnd();

/** A comment leaves a space, so that none comes into being where two pieces meet; one without an end goes on to the end. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', at)) {
    kept.push(text.slice(at, start));
    const end = text.indexOf('-->', start + 4);
    at = end < 0 ? text.length : end + 3;
  }
  return [...kept, text.slice(at)].join(' ');
}
