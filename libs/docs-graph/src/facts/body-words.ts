import { factBounds } from './bounds.js';
import type { FunctionDraft } from './definitions.js';

const word = /[\p{L}\p{M}\p{N}_$]{2,}/gu;

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Body extends Range {
  readonly draft: FunctionDraft;
  readonly words: Set<string>;
}

/**
 * What functions are made of: the names they use and the words of their strings. One that calls `zeroFill` is found by
 * "zero" even if neither its name nor its documentation says so. Comments are left out: those above an inner function
 * speak about that one, and docstrings are facts already.
 */
export class BodyWords {
  private readonly bodies: Body[] = [];
  private readonly comments: Range[] = [];

  /** In reading order: what surrounds before what is inside. */
  body(draft: FunctionDraft, { start, end }: Range): void {
    this.bodies.push({ draft, start, end, words: new Set() });
  }

  /** In reading order. */
  comment({ start, end }: Range): void {
    this.comments.push({ start, end });
  }

  /** Gives each function its different words, and those of functions inside it to these alone: one pass over the text. */
  fill(text: string): void {
    const open: Body[] = [];
    let [nextBody, nextComment] = [0, 0];
    for (const { 0: found, index } of text.matchAll(word)) {
      for (let body = this.bodies[nextBody]; body !== undefined && body.start <= index; body = this.bodies[nextBody += 1]) open.push(body);
      while ((open.at(-1)?.end ?? Infinity) <= index) open.pop();
      while ((this.comments[nextComment]?.end ?? Infinity) <= index) nextComment += 1;
      const isComment = (this.comments[nextComment]?.start ?? Infinity) <= index;
      if (!isComment) open.at(-1)?.words.add(found);
    }
    for (const { draft, words } of this.bodies) {
      words.delete(draft.name);
      draft.words = [...words].filter(({ length }) => length <= factBounds.bodyWord).slice(0, factBounds.bodyWords).join(' ');
    }
  }
}
