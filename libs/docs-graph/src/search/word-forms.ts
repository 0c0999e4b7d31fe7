import { searchBounds } from './search-bounds.js';

/** Shorter beginnings are shared by words that have nothing to do with each other. */
const leastLetters = 4;
/** Of the longer word: `auth` is not yet an `authorization`. */
const leastShare = 0.4;
/** What another form counts, times the share of letters that the two have in common. Chosen as the fields' weights are. */
const formWeight = 0.6;

export interface WordForm {
  readonly term: string;
  readonly weight: number;
}

/**
 * The words of the documents by how they begin: whoever asks for "cancel" means `cancellation` too, and "serializer" the
 * `serialize`. Endings that English adds to make one word of another are too many to be taken off without joining what
 * does not belong together; two words of which one begins with the other seldom do not.
 */
export class WordForms {
  private readonly byBeginning = new Map<string, Set<string>>();

  add(word: string): void {
    if (!isWord(word)) return;
    const beginning = word.slice(0, leastLetters);
    const words = this.byBeginning.get(beginning);
    if (words === undefined) this.byBeginning.set(beginning, new Set([word]));
    else words.add(word);
  }

  /** The term itself, then its other forms that `isThere`, nearest first, within a bound. */
  of(term: string, isThere: (word: string) => boolean): WordForm[] {
    const others: WordForm[] = [];
    for (const word of isWord(term) ? this.byBeginning.get(term.slice(0, leastLetters)) ?? [] : []) {
      const [short, long] = word.length < term.length ? [word, term] : [term, word];
      const share = short.length / long.length;
      if (share >= leastShare && word !== term && long.startsWith(short) && isThere(word)) others.push({ term: word, weight: formWeight * share });
    }
    others.sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));
    return [{ term, weight: 1 }, ...others.slice(0, searchBounds.otherForms)];
  }

  *words(): Generator<string> {
    for (const words of this.byBeginning.values()) yield* words;
  }
}

const isWord = (term: string): boolean => term.length >= leastLetters && /^[a-z]+$/.test(term);
