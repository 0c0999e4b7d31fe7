import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathProblem, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';

/** One path of a commit to be: `content` null deletes it. */
export interface FileChange {
  readonly path: string;
  readonly content: string | Buffer | null;
  /** The mode it has in the parent, or a regular file's, unless given. */
  readonly mode?: '100644' | '100755' | '120000';
}

export interface WrittenCommit {
  readonly sha: string;
  /** Paths that differ from the parent, sorted. Empty: `sha` is the parent. */
  readonly changed: string[];
}

export const refused = (findings: readonly string[]): Error => terminal('CASC_COMMIT_REFUSED', 'Files must not be committed.', { findings, advice: 'Name regular files inside the repository, none that control git.' });

/** A path changed both as a file and as a folder, or twice, has no one meaning. */
function checkPaths(changes: readonly FileChange[]): void {
  const findings = changes.flatMap(({ path }) => {
    const problem = pathProblem(path);
    return problem === undefined ? [] : [`${JSON.stringify(path.slice(0, 120))} ${problem}`];
  });
  const written = new Set(changes.map(({ path }) => path));
  if (written.size !== changes.length) findings.push('a path is named twice');
  if (findings.length > 0) throw refused(findings);
}

async function writeBlob(repository: CachedRepository, content: string | Buffer, options: BlobOptions): Promise<string> {
  const filters = options.workTree === undefined ? ['--no-filters'] : ['--path', options.path];
  const { text } = await repository.git(['hash-object', '-w', '--stdin', ...filters], {
    input: content, signal: options.signal, ...(options.workTree === undefined ? {} : { workTree: options.workTree }),
  });
  return text;
}
interface BlobOptions { readonly path: string; readonly workTree: string | undefined; readonly signal: AbortSignal | undefined }

/** Mode and object by path, of an index file. */
async function readIndex(repository: CachedRepository, env: Record<string, string>, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, { mode: string; oid: string }>> {
  const { stdout } = await repository.git(['ls-files', '-s', '-z', '--', ...paths], { env, signal });
  return new Map(stdout.toString('utf8').split('\0').filter((line) => line !== '').map((line) => {
    const [mode = '', oid = ''] = line.split(' ');
    return [line.slice(line.indexOf('\t') + 1), { mode, oid }] as const;
  }));
}

/**
 * Writes a commit with plumbing alone: a temporary index, no checkout, no ref. Whoever calls moves a ref to it.
 *
 * `update-index --index-info` says "Ignoring path" and succeeds for a path that it refuses (git 2.39), so the index is
 * read back and compared with what was asked for.
 *
 * @param workTree given for files of a workspace: line endings follow its .gitattributes; the driver-less cache runs no filter
 * @throws `CASC_COMMIT_REFUSED` with one finding for each path
 */
export async function writeCommit(repository: CachedRepository, parent: string, changes: readonly FileChange[], message: string, options: { workTree?: string; signal?: AbortSignal | undefined } = {}): Promise<WrittenCommit> {
  checkPaths(changes);
  const folder = await mkdtemp(join(tmpdir(), 'cascade-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    const { signal } = options;
    await repository.git(['read-tree', parent], { env, signal });
    const paths = changes.map(({ path }) => path);
    const before = await readIndex(repository, env, paths, signal);
    const lines: string[] = [];
    const expected = new Map<string, { mode: string; oid: string }>();
    for (const { path, content, mode } of changes) {
      if (content === null) {
        lines.push(`0 ${'0'.repeat(parent.length)}\t${path}\0`);
        continue;
      }
      const known = before.get(path)?.mode;
      const entry = {
        mode: mode ?? (known === '100755' ? known : '100644'),
        oid: await writeBlob(repository, content, { path, workTree: mode === '120000' ? undefined : options.workTree, signal }),
      };
      expected.set(path, entry);
      lines.push(`${entry.mode} ${entry.oid}\t${path}\0`);
    }
    // Deletions first: a file may give way to a folder of its name.
    const ordered = lines.toSorted((a, b) => Number(b.startsWith('0 ')) - Number(a.startsWith('0 ')));
    await repository.git(['update-index', '-z', '--index-info'], { env, input: ordered.join(''), signal });
    await verifyIndex(repository, env, changes, expected, signal);
    const tree = (await repository.git(['write-tree'], { env, signal })).text;
    const changed = await changedPaths(repository, parent, tree, signal);
    // A file named below another file would silently take that file's place.
    const others = changed.filter((path) => !paths.includes(path));
    if (others.length > 0) throw refused(others.map((path) => `${JSON.stringify(path.slice(0, 120))} would be lost, though nobody named it`));
    return changed.length === 0 ? { sha: parent, changed } : { sha: await commitTree(repository, tree, [parent], message, signal), changed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyIndex(repository: CachedRepository, env: Record<string, string>, changes: readonly FileChange[], expected: ReadonlyMap<string, { mode: string; oid: string }>, signal?: AbortSignal): Promise<void> {
  const after = await readIndex(repository, env, changes.map(({ path }) => path), signal);
  const findings = changes.flatMap(({ path }) => {
    const [want, have] = [expected.get(path), after.get(path)];
    return want?.oid === have?.oid && want?.mode === have?.mode ? [] : [`git does not take ${JSON.stringify(path.slice(0, 120))}; is a part of the path a file?`];
  });
  if (findings.length > 0) throw refused(findings);
}

/** Paths that differ between two trees or commits, sorted. */
export async function changedPaths(repository: CachedRepository, from: string, to: string, signal?: AbortSignal): Promise<string[]> {
  const { stdout } = await repository.git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--no-textconv', from, to], { signal });
  return stdout.toString('utf8').split('\0').filter((line) => line !== '').toSorted();
}

/** A commit object with Cascade's identity; moves nothing. */
export async function commitTree(repository: CachedRepository, tree: string, parents: readonly string[], message: string, signal?: AbortSignal): Promise<string> {
  return (await repository.git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], { input: message, signal })).text;
}

/** How far back a commit is recognised as the one that a repeated call made already. */
const RECENT_COMMITS = 50;

/** The newest commit after `base` up to `tip` with exactly this message: what a call made before it was repeated. */
export async function findCommitWithMessage(repository: CachedRepository, tip: string, base: string, message: string, signal?: AbortSignal): Promise<WrittenCommit | undefined> {
  const { text } = await repository.git(['log', '-z', '--first-parent', `--max-count=${RECENT_COMMITS}`, '--format=%H%n%B', tip, `^${base}`], { signal });
  const found = text.split('\0').find((entry) => entry.slice(entry.indexOf('\n') + 1).trim() === message.trim());
  if (found === undefined) return undefined;
  const sha = found.slice(0, found.indexOf('\n'));
  return { sha, changed: await changedPaths(repository, `${sha}^1`, sha, signal) };
}
