import type { z } from 'zod';

/** Far above what any suite that fits the report's size has. */
const MAX_LINES = 200_000;

/**
 * The lines of a report that are what they should be. A report is written where the tests can write too, so a line that does
 * not parse is not an error of ours: it is left out, and the exit code and the count of tests still have to agree.
 */
export function jsonLines<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema>[] {
  return text.split('\n', MAX_LINES).flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = schema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
