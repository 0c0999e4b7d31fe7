import type { Judgement } from './judgement.js';
import { answerBounds, withoutReasoning } from './strict-json.js';

/**
 * An answer that is taken as it is. Only two wrappings are removed: reasoning at the head, and one Markdown fence
 * around the whole answer. An answer that merely contains fences, e.g. Markdown with examples, is left alone.
 */
export function readTextAnswer(answer: string): Judgement<string> {
  if (answer.length > answerBounds.chars) return { problems: [`The answer has ${answer.length} characters; at most ${answerBounds.chars} are accepted.`] };
  const text = withoutWholeFence(withoutReasoning(answer));
  return text.trim() === '' ? { problems: ['The answer is empty.'] } : { value: text };
}

function withoutWholeFence(text: string): string {
  const lines = text.trim().split('\n');
  const opening = /^(```+|~~~+)[\w+.#-]*\s*$/.exec(lines[0] ?? '');
  if (opening === null || lines.length < 2) return text;
  const closing = lines.slice(1).findIndex((line) => line.trim() === opening[1]) + 1;
  const wrapsAll = closing === lines.length - 1;
  return wrapsAll ? lines.slice(1, -1).join('\n') : text;
}
