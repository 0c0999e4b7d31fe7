import { Best } from '../search/best.js';
import { questionBounds } from './question-bounds.js';

interface Near {
  readonly name: string;
  readonly distance: number;
}

const closer = (a: Near, b: Near): number => a.distance - b.distance || (a.name < b.name ? -1 : 1);

/** The letters of a word, small or not, as a set of 32 bits: words that differ in more bits than edits allow need not be compared. */
function letters(word: string): number {
  let set = 0;
  for (let at = 0; at < word.length; at += 1) set |= 1 << (word.charCodeAt(at) & 31);
  return set;
}

function bits(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** Names a few typing errors away from `wanted`, nearest first: as many as a third of its letters, three at most. */
export function nearNames(wanted: string, names: Iterable<string>): string[] {
  const name = wanted.slice(0, questionBounds.comparedName).toLowerCase();
  const allowed = Math.min(3, Math.ceil(name.length / 3));
  const set = letters(name);
  const best = new Best<Near>(questionBounds.proposals, closer);
  let compared = 0;
  for (const other of names) {
    compared += 1;
    if (compared > questionBounds.comparedNames) break;
    if (Math.abs(other.length - name.length) > allowed) continue;
    if (bits(letters(other) ^ set) > allowed * 2) continue;
    const near = { name: other, distance: editDistance(name, other.toLowerCase()) };
    if (near.distance <= allowed && best.wants(near)) best.add(near);
  }
  return best.sorted().map((near) => near.name);
}

/** Letters to add, leave out or change (Levenshtein), row by row of the usual table. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
