import type { CachedRepository } from './cached-repository.js';
import { listTree } from './tree-reader.js';

const patterns = [/^docs\/prd\/epic-(\d{1,6})-/, /^docs\/stories\/(\d{1,6})\.\d+\./, /^specs\/(\d{1,6})-/];

/** The smallest number above every epic that documents, specifications or result branches of the repository name. */
export async function findNextEpicId(repository: CachedRepository, commit: string, branches: Iterable<string>, signal?: AbortSignal): Promise<number> {
  const paths = (await listTree(repository, commit, signal)).map(({ path }) => path);
  const fromPaths = paths.flatMap((path) => patterns.map((pattern) => pattern.exec(path)?.[1]));
  const fromBranches = [...branches].map((branch) => /^cascade\/(\d{1,6})-/.exec(branch)?.[1]);
  return 1 + Math.max(0, ...[...fromPaths, ...fromBranches].flatMap((text) => text === undefined ? [] : [Number(text)]));
}
