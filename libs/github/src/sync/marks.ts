import { terminal } from '@cascade/messages';
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Longest identity that a marker carries, before its encoding. */
export const MAX_MARKED_ID = 4000;
const idText = '([A-Za-z0-9_.!~*\'()%-]{1,36000})';
const hex = '([0-9a-f]{32})';

export interface FoundMark {
  readonly start: number;
  readonly end: number;
}

/**
 * Hidden marks in Markdown that only Cascade can make: each carries an HMAC, so that what people paste, invent or copy
 * from another issue is told from what Cascade wrote. A mark is one line without blanks in its values; an identity is
 * percent-encoded, so it holds none of `<`, `>`, `;` and white space and cannot end the comment.
 */
export class Marks {
  readonly #secret: string;

  constructor(secret: string) {
    if (secret === '') throw terminal('CASC_GITHUB_MARKER_SECRET', 'Markers in issues are signed with a secret, and there is none.', { advice: 'Set CASCADE_GITHUB_MARKER_SECRET, or a token or webhook secret from which it is derived.' });
    this.#secret = secret;
  }

  /** Stands at the end of the body of a work item's issue. */
  issue(key: string): string {
    return this.#marker('key', key);
  }

  /** Stands at the end of a comment that Cascade writes, so that it is written once and edited in place. */
  comment(id: string): string {
    return this.#marker('comment', id);
  }

  /** Work items whose signed marker stands in a text, each once. More than one: somebody copied a body. */
  issuesIn(text: string): string[] {
    return [...new Set(this.#find('key', text).map((found) => found.id))];
  }

  commentsIn(text: string): string[] {
    return [...new Set(this.#find('comment', text).map((found) => found.id))];
  }

  /** The text is the body of this work item's issue, or a copy of it: its marker, or a mark of its block, is there. */
  isOf(key: string, text: string): boolean {
    return this.issuesIn(text).includes(key) || this.blockMarks(key, text).length > 0;
  }

  /** Where the last marker of this work item stands. */
  lastIssueMark(key: string, text: string): FoundMark | undefined {
    return this.#find('key', text).findLast((found) => found.id === key);
  }

  /** Opens the managed block; says what stood in it when Cascade wrote it. */
  begin(key: string, content: string): string {
    return `<!-- cascade:begin ${this.#sign('block', key)} ${this.#sign('content', `${key}\n${content}`)} -->`;
  }

  end(key: string): string {
    return `<!-- cascade:end ${this.#sign('block', key)} -->`;
  }

  /** Where this work item's marks of a block stand, in order. */
  blockMarks(key: string, text: string): (FoundMark & { readonly sum: string | undefined })[] {
    const own = this.#sign('block', key);
    return [...text.matchAll(new RegExp(`<!-- cascade:(?:begin ${own} ${hex}|end ${own}) -->`, 'g'))].map((match) => ({ start: match.index, end: match.index + match[0].length, sum: match[1] }));
  }

  /** Nobody touched the content since Cascade wrote it. */
  isIntact(key: string, content: string, sum: string): boolean {
    return same(this.#sign('content', `${key}\n${content}`), sum);
  }

  #marker(purpose: 'key' | 'comment', id: string): string {
    if (id === '' || id.length > MAX_MARKED_ID) throw terminal('CASC_GITHUB_MARKER_INVALID', `A marker's identity has ${id.length} characters; 1 to ${MAX_MARKED_ID} are allowed.`);
    return `<!-- cascade:${purpose}=${encodeURIComponent(id.toWellFormed())};v=1;sig=${this.#sign(purpose, id.toWellFormed())} -->`;
  }

  #find(purpose: 'key' | 'comment', text: string): (FoundMark & { readonly id: string })[] {
    return [...text.matchAll(new RegExp(`<!-- cascade:${purpose}=${idText};v=1;sig=${hex} -->`, 'g'))].flatMap((match) => {
      const id = decoded(match[1] ?? '');
      return id !== undefined && same(this.#sign(purpose, id), match[2] ?? '') ? [{ id, start: match.index, end: match.index + match[0].length }] : [];
    });
  }

  #sign(purpose: string, text: string): string {
    return createHmac('sha256', this.#secret).update(`${purpose}\n${text}`).digest('hex').slice(0, 32);
  }
}

const same = (left: string, right: string): boolean => left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // malformed percent-encoding
  }
}
