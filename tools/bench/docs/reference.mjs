// The ranking of libs/docs-graph once more, as plain as can be, with each of its signals to be left out: what a signal is
// worth is what the ranking loses without it. The benchmark checks that with all of them it ranks as the library does.
import { stem } from '../../../libs/docs-graph/dist/search/stem.js';

const stopWords = new Set('a an and are as at be by for from has have if in into is it its of on or that the their then this to was will with when which given'.split(' '));
const identifiers = /[\p{L}\p{M}\p{N}_$]+/gu;
const parts = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{N}+/gu;
const SATURATION = 1.2;
const UNIT = 1 / 1024;
const FIELD_TOKENS = 2_000;

/** What ships. Per field its weight, usual length and the share of the weight that depends on the length. */
export const shippedFields = { name: [8, 3, 0.75], parent: [3, 2, 0.5], docs: [1.25, 15, 0.75], path: [1, 6, 0.5], body: [1, 20, 0.75] };
export const shippedTokens = { splits: true, wholes: true, stems: true };
/** Other forms of a word count this much; of a score this power of the share of the terms that were found is left. */
export const shippedSignals = { forms: 0.6, coverage: 0.75 };

/** Documents cut into terms in one way; any choice of fields and weights asks the same one. */
export class Terms {
  constructor(documents, ways) {
    this.ways = { ...shippedTokens, ...ways };
    this.documents = documents;
    this.words = new Map();
    this.fields = Object.fromEntries(Object.keys(shippedFields).map((field) => [field, this.postings(field)]));
    const words = new Set([...this.words.values()].flatMap(({ parts: pieces }) => pieces));
    this.beginnings = Map.groupBy([...words].filter((word) => /^[a-z]{4,}$/.test(word)), (word) => word.slice(0, 4));
    this.words.clear();
  }

  /** Per term the numbers of the documents that have it in this field, and how often, in turn; and each document's length. */
  postings(field) {
    const byTerm = new Map();
    const lengths = this.documents.map((document, number) => {
      const tokens = this.tokens(document[field]).slice(0, FIELD_TOKENS);
      const times = new Map();
      for (const token of tokens) times.set(token, (times.get(token) ?? 0) + 1);
      for (const [token, count] of times) {
        if (byTerm.has(token)) byTerm.get(token).push(number, count);
        else byTerm.set(token, [number, count]);
      }
      return tokens.length;
    });
    return { byTerm, lengths };
  }

  search(fields, question, limit, signals = shippedSignals) {
    const [scores, found] = [new Map(), new Map()];
    let asked = 0;
    for (const term of [...new Set(this.tokens(question))].sort((a, b) => (a < b ? -1 : 1))) {
      const best = this.bestForms(fields, term, signals.forms);
      if (best.size > 0) asked += 1;
      for (const [number, gains] of best) {
        for (const gain of gains) scores.set(number, (scores.get(number) ?? 0) + gain); // step by step, as the library adds
        found.set(number, (found.get(number) ?? 0) + 1);
      }
    }
    for (const [number, count] of found) scores.set(number, scores.get(number) * (count / asked) ** signals.coverage);
    const idOf = (number) => this.documents[number].id;
    return [...scores].sort(([a, one], [b, other]) => other - one || (idOf(a) < idOf(b) ? -1 : 1)).slice(0, limit).map(([number]) => this.documents[number].answer);
  }

  /** Per document that has the term in some form: what its best form counts, as the steps in which better ones were met. */
  bestForms(fields, term, weight) {
    const gains = new Map();
    for (const form of [{ word: term, share: 1 }, ...(weight === 0 ? [] : this.otherForms(fields, term, weight))]) {
      const frequencies = this.frequencies(fields, form.word);
      const rarity = Math.log(1 + (this.documents.length - frequencies.size + 0.5) / (frequencies.size + 0.5)) * form.share;
      for (const [number, exact] of frequencies) {
        const frequency = Math.max(1, Math.round(exact / UNIT));
        const { steps, best } = gains.get(number) ?? { steps: [], best: 0 };
        const score = rarity * (frequency * (SATURATION + 1)) / (frequency + SATURATION / UNIT);
        if (score > best) gains.set(number, { steps: [...steps, score - best], best: score });
      }
    }
    return new Map([...gains].map(([number, { steps }]) => [number, steps]));
  }

  otherForms(fields, term, weight) {
    const words = /^[a-z]{4,}$/.test(term) ? this.beginnings.get(term.slice(0, 4)) ?? [] : [];
    return words.filter((word) => word !== term && (word.startsWith(term) || term.startsWith(word)))
      .map((word) => ({ word, share: Math.min(word.length, term.length) / Math.max(word.length, term.length) }))
      .filter(({ word, share }) => share >= 0.4 && this.frequencies(fields, word).size > 0)
      .map(({ word, share }) => ({ word, share: weight * share }))
      .sort((a, b) => b.share - a.share || (a.word < b.word ? -1 : 1)).slice(0, 15);
  }

  frequencies(fields, term) {
    const frequencies = new Map();
    for (const [field, shape] of Object.entries(fields)) this.count(field, shape, term, frequencies);
    return frequencies;
  }

  count(field, [weight, usualLength, lengthShare], term, frequencies) {
    const { byTerm, lengths } = this.fields[field];
    const found = byTerm.get(term) ?? [];
    for (let at = 0; at < found.length; at += 2) {
      const each = weight / (1 - lengthShare + lengthShare * (lengths[found[at]] / usualLength));
      let sum = frequencies.get(found[at]) ?? 0;
      for (let time = 0; time < found[at + 1]; time += 1) sum += each; // the library adds place by place, too
      frequencies.set(found[at], sum);
    }
  }

  tokens(text) {
    return (text.normalize('NFC').match(identifiers) ?? []).flatMap((word) => {
      if (!this.words.has(word)) this.words.set(word, this.wordTokens(word));
      const { parts: pieces, whole } = this.words.get(word);
      return [...pieces, ...whole];
    });
  }

  wordTokens(identifier) {
    const { splits, wholes, stems } = this.ways;
    const form = (word) => (stems ? stem(word) : word);
    const pieces = (identifier.match(parts) ?? []).map((piece) => piece.toLowerCase());
    const whole = pieces.join('');
    if (pieces.length === 1 || (!splits && pieces.length > 0)) return { parts: stopWords.has(whole) ? [] : [form(whole)], whole: [] };
    return { parts: pieces.map(form), whole: wholes && pieces.length > 1 ? [form(whole)] : [] };
  }
}
