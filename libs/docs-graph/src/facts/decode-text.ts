import { factBounds } from './bounds.js';
import type { SkipReason } from './file-facts.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A file's text with `\n` as its only line end and without a byte order mark; or why it is none. A NUL makes a file
 * binary, as for git (which looks at the first 8,000 bytes only: a NUL further on would end the text for a parser in C).
 */
export function decodeText(bytes: Uint8Array): { text: string } | { reason: SkipReason } {
  if (bytes.length > factBounds.fileBytes) return { reason: 'too-large' };
  if (bytes.includes(0)) return { reason: 'binary' };
  try {
    return { text: utf8.decode(bytes).replaceAll('\r\n', '\n') };
  } catch {
    return { reason: 'not-utf8' };
  }
}

/** Lines as an editor counts them: a line end at the very end begins none. */
export function countLines(text: string): number {
  if (text === '') return 0;
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < text.length - 1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
