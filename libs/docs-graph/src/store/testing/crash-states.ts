import type { FileSlice, Scope } from '../../graph/graph-rows.js';
import type { StoredScope } from '../graph-store.js';
import { packagesSlice, sampleSlice } from './sample-graph.js';

export const crashScopes: readonly Scope[] = [{ repository: 'https://example.com/one.git', branch: 'main' }, { repository: 'https://example.com/two.git', branch: 'a/b' }];
const FILES = 6;

/** A number that looks random, the same for the same two. (Not the testing library's: the writer is to start quickly.) */
export function mixed(seed: number, at: number): number {
  const product = Math.imul(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ at, 0xc2b2ae35);
  return (product ^ (product >>> 15)) >>> 0;
}

/** A scope's slices after its `steps`-th commit: each commit writes one file anew, now and then without any function. */
export function stateAt(seed: number, scope: Scope, steps: number): FileSlice[] {
  if (steps === 0) return [];
  const changedAt = (file: number): number => steps - ((steps - file) % FILES + FILES) % FILES;
  const files = Array.from({ length: FILES }, (_, file) => ({ path: `src/${file}.ts`, at: changedAt(file) })).filter(({ at }) => at > 0);
  return [packagesSlice(scope), ...files.map(({ path, at }) => {
    return sampleSlice(scope, path, { functions: mixed(seed, at) % 20, text: 'text '.repeat(mixed(seed, -at) % 400) });
  })];
}

export const stepsOf = (scopes: readonly StoredScope[], { repository, branch }: Scope): number =>
  Number(scopes.find((one) => one.repository === repository && one.branch === branch)?.commit.slice(1) ?? 0);
