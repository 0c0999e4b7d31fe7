import { byRank, type Hit } from '../search/ranking.js';

/** Cormack, Clarke, Büttcher 2009: the constant with which they measured, kept since by everybody. */
const k = 60;

/** Joins rankings whose scores have no common measure: each place counts 1 / (k + place). */
export function reciprocalRanks(rankings: readonly (readonly Hit[])[], limit: number): Hit[] {
  const scores = new Map<string, number>();
  for (const ranking of rankings) ranking.forEach(({ id }, at) => scores.set(id, (scores.get(id) ?? 0) + 1 / (k + at + 1)));
  return [...scores].map(([id, score]) => ({ id, score })).sort(byRank).slice(0, limit);
}
