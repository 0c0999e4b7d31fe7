import { terminal } from '@cascade/contracts';
import { z } from 'zod';

/** Most entries of one page. */
export const MAX_PAGE = 200;

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
  cursor: z.string().regex(/^[\w-]{1,1000}$/).optional().describe('`next` of the page before.'),
});

/** A place in a list as a word for a URL. What it holds is nobody's business, and checked when it comes back. */
export const encodeCursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** Throws `CASC_CURSOR_INVALID` (terminal) for what `encodeCursor` did not make. */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw terminal('CASC_CURSOR_INVALID', 'The cursor is none that a page named as `next`.', { advice: 'Begin again without one.' });
  }
}
