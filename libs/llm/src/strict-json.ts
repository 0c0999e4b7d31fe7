/**
 * Reads a model's answer as strict JSON, or says what is wrong with it. Everything is checked before BAML's parser
 * sees the text, because that parser repairs bad JSON by dropping parts of it, keeps the first of two candidates, and
 * takes minutes for some kilobytes of brackets.
 */
export type StrictJson = { readonly ok: true; readonly value: object; readonly text: string } | { readonly ok: false; readonly problem: string };

/**
 * Bounds of one answer. An answer beyond them is refused. BAML's parser blocks the process for a time that grows with
 * the square of the number of objects and lists: measured 0.2 s for 400 of them, 0.9 s for 800, 50 s for 5,000.
 */
export const answerBounds = { chars: 1_000_000, depth: 40, openers: 1_000 } as const;

const refuse = (problem: string): StrictJson => ({ ok: false, problem });

/** Accepted: one JSON object or list; the same in one Markdown fence; either after a leading block of reasoning. */
export function readStrictJson(answer: string): StrictJson {
  if (answer.length > answerBounds.chars) return refuse(`The answer has ${answer.length} characters; at most ${answerBounds.chars} are accepted.`);
  const text = withoutReasoning(answer).trim();
  if (text === '') return refuse('The answer is empty.');
  const direct = readValue(text);
  if (direct.ok) return direct;
  const fenced = fencedBlock(text);
  return fenced === undefined ? direct : readValue(fenced);
}

/** Models that think aloud do so in one or more tags at the head; the same tag elsewhere is content. */
export function withoutReasoning(answer: string): string {
  let text = answer.replace(/^\uFEFF/, '');
  for (let blocks = 0; blocks < 3; blocks += 1) {
    const opened = /^\s*<(think|thinking|reasoning)>/i.exec(text);
    if (opened === null) return text;
    const close = `</${opened[1]!.toLowerCase()}>`;
    const end = text.toLowerCase().indexOf(close, opened[0].length);
    if (end < 0) return '';
    text = text.slice(end + close.length);
  }
  return text;
}

/** From the first fence's opening line to the last closing one: a JSON string may itself hold fences. */
function fencedBlock(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => /^\s*(```+|~~~+)\s*(json)?\s*$/i.test(line));
  if (first < 0) return undefined;
  const mark = lines[first]!.trim().replace(/json$/i, '').trim();
  const last = lines.findLastIndex((line) => line.trim() === mark);
  return last > first ? lines.slice(first + 1, last).join('\n') : undefined;
}

function readValue(text: string): StrictJson {
  const problem = scan(text);
  if (problem !== undefined) return refuse(problem);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return refuse('The answer is not a JSON object.');
    return { ok: true, value, text: JSON.stringify(value) };
  } catch (error) {
    return refuse(`The answer is not one strict JSON value: ${parserMessage(error)}`);
  }
}

/** V8 quotes the text around the error, which is long and differs by version; the reason and place are enough. */
function parserMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, "[\s\S]*" is not valid JSON$/, '').replace(/\s+/g, ' ').slice(0, 200);
}

/** What `JSON.parse` would not say: nesting and size beyond the bounds, and a key given twice (the first would vanish). */
function scan(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let openers = 0;
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/gs;
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      openers += 1;
      if (open.length > answerBounds.depth) return `The answer is nested deeper than ${answerBounds.depth} levels.`;
      if (openers > answerBounds.openers) return `The answer has more than ${answerBounds.openers} objects and lists.`;
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (colon !== undefined) {
      const key = keyOf(token.slice(0, -colon.length));
      const keys = open.at(-1);
      if (keys?.has(key)) return `The key "${key.slice(0, 100)}" is given twice in one object.`;
      keys?.add(key);
    }
  }
  return undefined;
}

/** `"\u0061"` and `"a"` are the same key. */
function keyOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
