import type { z } from 'zod';

/** Deepest nesting of a payload's objects and lists; deeper JSON is refused before it is parsed. */
export const MAX_DATA_DEPTH = 64;
/** Findings of one refusal, and characters of each: names of fields come from outside, and so does their length. */
const MAX_FINDINGS = 50;
const MAX_FINDING_CHARACTERS = 300;

/** What a schema found, one line per problem: `<path>: <what is wrong>`. */
export function findingsOf(error: z.ZodError): string[] {
  return error.issues.slice(0, MAX_FINDINGS).map((issue) => bounded(issue.path.map(String).join('.') || 'value', issue.message));
}

const bounded = (place: string, message: string): string =>
  `${place.slice(0, MAX_FINDING_CHARACTERS / 2)}: ${message}`.slice(0, MAX_FINDING_CHARACTERS);

export type ParsedPayload<T> = { readonly data: T } | { readonly findings: readonly string[] };

/**
 * The JSON text of a payload as its schema's type, or every problem by its path below `data`. What is too long or too
 * deep is refused by its text alone: neither the parser nor a recursive schema sees it.
 */
export function parsePayload<S extends z.ZodType>(schema: S, text: string, maxBytes: number): ParsedPayload<z.output<S>> {
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) return { findings: [`data: more than ${maxBytes} bytes`] };
  if (isDeeperThan(text, MAX_DATA_DEPTH)) return { findings: [`data: nested deeper than ${MAX_DATA_DEPTH} levels`] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { findings: [bounded('data', `is not JSON (${(error as Error).message})`)] };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { data: parsed.data } : { findings: findingsOf(parsed.error).map((line) => `data.${line}`) };
}

const QUOTE = 34, BACKSLASH = 92, OPEN = new Set([91, 123]), CLOSE = new Set([93, 125]);

/** Whether brackets outside of strings nest deeper than `limit`; a linear look at the text, valid JSON or not. */
export function isDeeperThan(text: string, limit: number): boolean {
  if (!hasMoreBrackets(text, limit)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (OPEN.has(code)) depth += 1;
    else if (CLOSE.has(code)) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

/** Brackets anywhere, in strings too; most payloads have so few that nothing has to be looked at more closely. */
function hasMoreBrackets(text: string, limit: number): boolean {
  let count = 0;
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1 && count <= limit; at = text.indexOf(bracket, at + 1)) count += 1;
  }
  return count > limit;
}

/** Where the string that begins at `start` ends; the text's end when it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
