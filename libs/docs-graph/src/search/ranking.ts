/**
 * BM25F (Zaragoza, Craswell, Taylor, Saria, Robertson 2004): the fields' weights and lengths are in the frequency, then the
 * formula of BM25 is taken once for the whole document; so a term in two fields saturates as one, and a long body does not
 * take from the name.
 */
const saturation = 1.2;

/** Frequencies are kept as whole numbers of this unit. */
const frequencyUnit = 1 / 1024;

export const storedFrequency = (frequency: number): number => Math.max(1, Math.round(frequency / frequencyUnit));

/** How rare a term is: `holders` of `documents` contain it. Never negative. */
export const rarity = (documents: number, holders: number): number => Math.log(1 + (documents - holders + 0.5) / (holders + 0.5));

/** `frequency` as it is stored. */
export const termScore = (rareness: number, frequency: number): number =>
  rareness * (frequency * (saturation + 1)) / (frequency + saturation / frequencyUnit);

/**
 * What is left of a score where only some of the question's terms that any document has were found: of two documents the
 * one that has more of what was asked for is meant, even if the other has less of it more often.
 */
export const coverage = (found: number, asked: number): number => (found / asked) ** 0.75;

export interface Hit {
  readonly id: string;
  readonly score: number;
}

/** Better first; what is equally good goes by id, so that the same question has the same answer whatever was indexed first. */
export const byRank = (a: Hit, b: Hit): number => b.score - a.score || (a.id < b.id ? -1 : 1);
