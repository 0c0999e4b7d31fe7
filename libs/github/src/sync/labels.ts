import { cut } from './canonical-text.js';

/** The one label that every mirrored issue has, so that they can be listed. */
export const cascadeLabel = 'cascade';
/** Put on an issue when a person's text had to be kept as a comment; whoever has dealt with it takes it off. */
export const conflictLabel = 'sync:conflict';
export const MAX_LABELS = 100;
const MAX_NAME_LENGTH = 100;

const managed = /^(?:epic|story|task|qa|tier-\d+|status:.*|risk:.*)$/;

/** Labels that Cascade alone puts on and takes off a mirrored issue. */
export const isManagedLabel = (label: string, own = cascadeLabel): boolean => managed.test(label.toLowerCase()) || label.toLowerCase() === own.toLowerCase();

export interface DividedLabels {
  /** Lower case, sorted. */
  readonly managed: readonly string[];
  /** As people wrote them, sorted. */
  readonly people: readonly string[];
}

export function divideLabels(labels: readonly string[], own = cascadeLabel): DividedLabels {
  const known = canonicalNames(labels);
  return { managed: known.filter((label) => isManagedLabel(label, own)).map((label) => label.toLowerCase()).sort(), people: known.filter((label) => !isManagedLabel(label, own)) };
}

/** Names that GitHub compares without case (labels, logins): trimmed, each once, sorted. Idempotent. */
export function canonicalNames(names: readonly string[]): string[] {
  const unique = new Map<string, string>();
  for (const name of names) {
    const tidy = cut(name.toWellFormed().trim(), MAX_NAME_LENGTH).trim();
    if (tidy !== '' && !unique.has(tidy.toLowerCase())) unique.set(tidy.toLowerCase(), tidy);
  }
  return [...unique].sort(([left], [right]) => (left < right ? -1 : 1)).slice(0, MAX_LABELS).map(([, name]) => name);
}

export const sameNames = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((name, index) => name.toLowerCase() === right[index]?.toLowerCase());

/**
 * Three-way merge of sets: what either side added is in, what either side removed is out. Spelled as on GitHub where
 * it is there.
 */
export function mergeNames(base: readonly string[], ours: readonly string[], theirs: readonly string[]): string[] {
  const lower = (names: readonly string[]): Set<string> => new Set(names.map((name) => name.toLowerCase()));
  const [before, left, right] = [lower(base), lower(ours), lower(theirs)];
  return canonicalNames([...theirs, ...ours].filter((name) => {
    const id = name.toLowerCase();
    return before.has(id) ? left.has(id) && right.has(id) : true;
  }));
}

/** Names that are in one of the two sets only. */
export function changedNames(left: readonly string[], right: readonly string[]): string[] {
  const without = (names: readonly string[], others: readonly string[]): string[] => names.filter((name) => !includesName(others, name));
  return [...without(left, right), ...without(right, left)];
}

export const includesName = (names: readonly string[], name: string): boolean => names.some((one) => one.toLowerCase() === name.toLowerCase());
