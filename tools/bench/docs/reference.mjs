// The ranking of libs/docs-graph once more, as slow and plain as can be, with each of its signals to be left out: what a
// signal is worth is what the ranking loses without it. The benchmark checks that with all of them it ranks as the
// library does.
import { stem } from '../../../libs/docs-graph/dist/search/stem.js';

const stopWords = new Set('a an and are as at be by for from has have if in into is it its of on or that the their then this to was will with when which given'.split(' '));
const identifiers = /[\p{L}\p{M}\p{N}_$]+/gu;
const parts = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{N}+/gu;

/** What ships. `weights` per field; `splits` identifiers into parts, `wholes` keeps them in one piece as well. */
export const shipped = { weights: { name: 3, parent: 1, docs: 1, parameters: 1, path: 1 }, splits: true, wholes: true, stems: true, stops: true, questionStops: true, saturation: 1.2, lengthShare: 0.75 };

const memories = new Map();

export class Reference {
  constructor(documents, options) {
    this.options = { ...shipped, ...options };
    this.rows = documents.map((document) => this.row(document));
    this.meanLength = this.rows.reduce((sum, { length }) => sum + length, 0) / Math.max(1, this.rows.length);
    this.holders = new Map();
    for (const row of this.rows) {
      for (const term of row.terms.keys()) {
        const holders = this.holders.get(term);
        if (holders === undefined) this.holders.set(term, [row]);
        else holders.push(row);
      }
    }
  }

  search(question, limit) {
    const scores = new Map();
    for (const term of [...new Set(this.tokens(question, this.options.questionStops))].sort((one, other) => (one < other ? -1 : 1))) {
      const holders = this.holders.get(term) ?? [];
      const rarity = Math.log(1 + (this.rows.length - holders.length + 0.5) / (holders.length + 0.5));
      for (const row of holders) scores.set(row, (scores.get(row) ?? 0) + rarity * this.saturated(row.terms.get(term), row.length));
    }
    return [...scores].sort(([a, one], [b, other]) => other - one || (a.id < b.id ? -1 : 1)).slice(0, limit).map(([{ answer }]) => answer);
  }

  saturated(frequency, length) {
    const { saturation, lengthShare } = this.options;
    return frequency * (saturation + 1) / (frequency + saturation * (1 - lengthShare + lengthShare * (length / this.meanLength)));
  }

  row(document) {
    const terms = new Map();
    let length = 0;
    for (const [field, weight] of Object.entries(this.options.weights)) {
      const tokens = this.known(document[field]);
      if (this.options.counted?.includes(field) ?? true) length += tokens.length;
      for (const token of tokens) terms.set(token, (terms.get(token) ?? 0) + weight);
    }
    return { id: document.id, answer: document.answer, terms, length };
  }

  /** Texts are the same for all that split them in the same way. */
  known(text) {
    const { splits, wholes, stems, stops } = this.options;
    const way = `${splits}${wholes}${stems}${stops}`;
    const memory = memories.get(way) ?? new Map();
    memories.set(way, memory);
    if (!memory.has(text)) memory.set(text, this.tokens(text).slice(0, 2_000));
    return memory.get(text);
  }

  tokens(text, stops = this.options.stops) {
    const { splits, wholes, stems } = this.options;
    const form = (word) => (stems ? stem(word) : word);
    return [...text.normalize('NFC').matchAll(identifiers)].flatMap(([identifier]) => {
      const pieces = identifier.match(parts) ?? [];
      const whole = pieces.join('').toLowerCase();
      if (pieces.length === 1 || (!splits && pieces.length > 0)) return stops && stopWords.has(whole) ? [] : [form(whole)];
      const words = pieces.map((piece) => form(piece.toLowerCase()));
      return wholes && pieces.length > 1 ? [...words, form(whole)] : words;
    });
  }
}
