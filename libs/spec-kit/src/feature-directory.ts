import { terminal } from '@cascade/contracts';

/** Bound that GitHub sets to branch names, and Spec Kit to its own. */
const MAX_NAME = 244;

/** `specs/007-discount-codes`: the folder of one feature. Throws `CASC_SPEC_INVALID` when the slug is not one. */
export function featureDirectory(number: number, slug: string): string {
  const name = `${String(number).padStart(3, '0')}-${slug}`;
  if (!Number.isInteger(number) || number < 1 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || name.length > MAX_NAME) {
    throw terminal('CASC_SPEC_INVALID', `${JSON.stringify(name.slice(0, 80))} cannot name a feature folder: a number from 1 and a slug of lower-case words are needed.`);
  }
  return `specs/${name}`;
}

/** The next sequential feature number: the largest of `NNN-…` plus 1; time-stamped names do not count (Spec Kit 1.0). */
export function nextFeatureNumber(directoryNames: readonly string[]): number {
  const numbers = directoryNames.filter((name) => !/^\d{8}-\d{6}-/.test(name)).map((name) => Number(/^(\d{3,})-/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers) + 1;
}

const stopWords = new Set(('i a an the to for of in on at by with from is are was were be been being have has had do does did will would should could can may might must '
  + 'shall this that these those my your our their want need add get set').split(' '));

/** The short name that Spec Kit derives from a description: stop words and words under three letters go, acronyms stay. */
export function featureSlug(description: string): string {
  const acronyms = new Set(description.match(/\b[A-Z0-9]{2,}\b/g)?.map((word) => word.toLowerCase()));
  const all = description.toLowerCase().replace(/[^a-z0-9]+/g, '-').split('-').filter((word) => word !== '');
  const words = all.filter((word) => !stopWords.has(word) && (word.length >= 3 || acronyms.has(word)));
  const chosen = words.length === 0 ? all.slice(0, 3) : words.slice(0, words.length === 4 ? 4 : 3);
  return chosen.join('-').slice(0, 60).replace(/-+$/, '') || 'feature';
}
