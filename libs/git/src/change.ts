import type { CachedRepository } from './cached-repository.js';

/** What git may print before it is cut; a change that is larger than this is refused. */
const MAX_PRINTED_BYTES = 32 * 1024 * 1024;
const diffOptions = ['--no-color', '--no-ext-diff', '--no-textconv', '--find-renames', '--src-prefix=a/', '--dst-prefix=b/', '--unified=3'];

export interface WantedChange {
  readonly cascadeId: string;
  readonly commit: string;
  readonly since: string;
  /** What the cascade's commit of this task did, instead of everything. */
  readonly taskId?: string | undefined;
  readonly maxBytes: number;
}

export interface Change {
  /** Absent: there is no commit of this task. */
  readonly commit?: string;
  /** A unified diff. */
  readonly text: string;
  readonly cut: boolean;
}

/** The change as a unified diff, whole lines of at most `maxBytes`. Throws `CASC_REPOSITORY_TOO_LARGE` for what no person would read. */
export async function showChange(repository: CachedRepository, { cascadeId, commit, since, taskId, maxBytes }: WantedChange, signal?: AbortSignal): Promise<Change> {
  const found = taskId === undefined ? commit : await commitOf(repository, { cascadeId, commit, since, taskId }, signal);
  if (found === undefined) return { text: '', cut: false };
  const from = taskId === undefined ? since : `${found}^1`;
  const { stdout } = await repository.git(['diff', ...diffOptions, from, found, '--'], { maxOutputBytes: MAX_PRINTED_BYTES, signal });
  if (stdout.length <= maxBytes) return { commit: found, text: stdout.toString('utf8'), cut: false };
  return { commit: found, text: stdout.subarray(0, stdout.lastIndexOf('\n', maxBytes) + 1).toString('utf8'), cut: true };
}

/** By the trailers that Cascade gives its commits; ids have no characters that mean something in a pattern, dots apart. */
async function commitOf(repository: CachedRepository, { cascadeId, commit, since, taskId }: Required<Omit<WantedChange, 'maxBytes'>>, signal?: AbortSignal): Promise<string | undefined> {
  const { text } = await repository.git(['log', '-1', '--format=%H', '--no-merges', '--all-match', `--grep=^Cascade-Id: ${cascadeId.replaceAll('.', '[.]')}$`, `--grep=^Task: ${taskId}$`, commit, `^${since}`, '--'], { signal });
  return text === '' ? undefined : text;
}
