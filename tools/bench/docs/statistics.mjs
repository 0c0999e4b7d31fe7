const RESAMPLES = 2_000;

/** Mulberry32 (Tommy Ettinger, public domain): the same numbers from the same seed, everywhere. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` of the values, in an order that the seed decides. */
export function sample(values, count, random) {
  const rest = [...values];
  const chosen = Math.min(count, rest.length);
  for (let at = 0; at < chosen; at += 1) {
    const other = at + Math.floor(random() * (rest.length - at));
    [rest[at], rest[other]] = [rest[other], rest[at]];
  }
  return rest.slice(0, chosen);
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** 95 % interval of the mean of `ones - others`, question by question (paired bootstrap, percentiles). */
export function pairedInterval(ones, others, seed = 1) {
  const random = seeded(seed);
  const differences = ones.map((one, at) => one - others[at]);
  const means = Array.from({ length: RESAMPLES }, () => mean(differences.map(() => differences[Math.floor(random() * differences.length)])));
  means.sort((a, b) => a - b);
  return { difference: mean(differences), low: means[Math.floor(RESAMPLES * 0.025)], high: means[Math.ceil(RESAMPLES * 0.975) - 1] };
}

/** Per question, from the place of the first right answer (from 0; -1 for none). */
export const recallAt5 = (place) => (place >= 0 && place < 5 ? 1 : 0);
export const reciprocalRank = (place) => (place < 0 ? 0 : 1 / (place + 1));
