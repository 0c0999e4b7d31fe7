import { terminal } from '@cascade/messages';

/** GitHub's bound of an issue's body. Counted in UTF-16 units, which are never fewer than its characters. */
export const MAX_BODY = 65_536;
/** What Cascade's own part may take, so that people have room. */
export const MAX_BLOCK = 30_000;

/** What Cascade writes into an issue: never shortened first line, then sections, the most important first. */
export interface ManagedBlock {
  readonly head: string;
  readonly sections: readonly string[];
  /** Where the whole can be read. */
  readonly documentPath: string;
  /** Ids of the items of its task lists. */
  readonly items: readonly string[];
}

/**
 * The block's text within `room` characters. What does not fit goes from the end, section by section, and a line says
 * where the whole stands; the head stays. Throws CASC_GITHUB_BODY_TOO_LONG when not even that fits.
 */
export function blockText(block: ManagedBlock, room: number): string {
  const limit = Math.min(room, MAX_BLOCK);
  for (let count = block.sections.length; count >= 0; count -= 1) {
    const kept = block.sections.slice(0, count);
    const text = [block.head, ...kept, ...(count === block.sections.length ? [] : [shortened(block)])].join('\n\n');
    if (text.length <= limit) return text;
  }
  throw terminal('CASC_GITHUB_BODY_TOO_LONG', `An issue's body holds ${MAX_BODY} characters, and people's text leaves ${Math.max(0, room)} for Cascade's part.`, {
    advice: 'Shorten the text of the issue, or move parts of it into comments.',
  });
}

const shortened = (block: ManagedBlock): string => `_Shortened; the whole is in ${block.documentPath}._`;
