/**
 * BM25F (Robertson, Zaragoza, Taylor 2004): the fields' weights are in the frequency, then the formula of BM25 is taken
 * once for the whole document; so a term in two fields saturates as one.
 */
const saturation = 1.2;
const lengthShare = 0.75;

/** How rare a term is: `holders` of `documents` contain it. Never negative. */
export const rarity = (documents: number, holders: number): number => Math.log(1 + (documents - holders + 0.5) / (holders + 0.5));

export const termScore = (rareness: number, frequency: number, length: number, meanLength: number): number =>
  rareness * (frequency * (saturation + 1)) / (frequency + saturation * (1 - lengthShare + lengthShare * (length / meanLength)));

export interface Hit {
  readonly id: string;
  readonly score: number;
}

/** Better first; what is equally good goes by id, so that the same question has the same answer whatever was indexed first. */
export const byRank = (a: Hit, b: Hit): number => b.score - a.score || (a.id < b.id ? -1 : 1);
