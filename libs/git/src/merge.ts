import { terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { commitTree } from './commit-writer.js';

export type MergeResult =
  /** The commit is in the tip's history already. */
  | { readonly kind: 'contained' }
  /** `candidate` holds both; no ref moved. */
  | { readonly kind: 'merged'; readonly candidate: string }
  | { readonly kind: 'conflict'; readonly paths: string[]; readonly output: string };

const MAX_CONFLICT_PATHS = 200;

/** `<tree> NUL (<path> NUL)* NUL (<count> NUL <path>{count} <type> NUL <text> NUL)*`, see git-merge-tree(1). */
function parseConflict(stdout: Buffer): { paths: string[]; output: string } {
  const fields = stdout.toString('utf8').split('\0');
  const end = fields.indexOf('', 1);
  const paths = [...new Set(fields.slice(1, end))].toSorted();
  const lines: string[] = [];
  for (let index = end + 1; index < fields.length - 1;) {
    const count = Number(fields[index]);
    const type = fields[index + 1 + count] ?? '';
    // The texts name commits by their ids; type and paths say the same and are alike in every run.
    if (type.startsWith('CONFLICT')) lines.push(`${type}: ${fields.slice(index + 1, index + 1 + count).join(', ')}`);
    index += count + 3;
  }
  return { paths, output: [...new Set(lines)].toSorted().join('\n') };
}

/**
 * Merges a commit into a tip without a checkout, in the cache alone. A tip that the commit descends from is moved
 * forward without a commit of its own. Clean text is not working code: whoever calls tests the candidate first.
 */
export async function mergeCommit(repository: CachedRepository, tip: string, commit: string, message: string, signal?: AbortSignal): Promise<MergeResult> {
  for (const sha of [tip, commit]) {
    if (!await repository.hasCommit(sha, signal)) throw terminal('CASC_COMMIT_NOT_FOUND', `Commit ${sha.slice(0, 12)} is not in the cache of the repository.`);
  }
  if (await repository.isAncestor(commit, tip, signal)) return { kind: 'contained' };
  if (await repository.isAncestor(tip, commit, signal)) return { kind: 'merged', candidate: commit };
  const answer = await repository.git(['merge-tree', '--write-tree', '-z', '--name-only', '--messages', tip, commit], { accept: [1], signal });
  if (answer.code === 1) {
    const conflict = parseConflict(answer.stdout);
    return { kind: 'conflict', paths: conflict.paths.slice(0, MAX_CONFLICT_PATHS), output: conflict.output };
  }
  const tree = answer.stdout.toString('utf8').split('\0')[0] ?? '';
  return { kind: 'merged', candidate: await commitTree(repository, tree, [tip, commit], message, signal) };
}
