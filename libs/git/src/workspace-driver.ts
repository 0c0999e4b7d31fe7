import { terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';

export interface WorkspacePlace {
  readonly repository: CachedRepository;
  /** Also the folder's name. */
  readonly workspaceId: string;
  /** Absolute path of the checkout. */
  readonly path: string;
}

export interface Probe {
  readonly ok: boolean;
  /** What was found. */
  readonly version?: string;
  /** Why not. */
  readonly reason?: string;
}

/**
 * How a checkout is made, and how what is changed in it is spread over branches. A workspace has branches of its own:
 * each begins at the base or stands on top of another one (a stack), and all of them together are what the files show.
 * Work on one place is never done twice at a time; branches live as long as the place, and are made again after a crash.
 *
 * `runConformance` (driver-conformance.ts) says in full what an adapter has to do.
 */
export interface WorkspaceDriver {
  readonly kind: 'worktree' | 'gitbutler';
  /** Whether this machine has what the driver needs. */
  probe(): Promise<Probe>;
  /** Makes a clean checkout of `base` at the place, whatever is or was half made there. */
  open(place: WorkspacePlace, base: string, reason: string, signal?: AbortSignal): Promise<void>;
  /** Begins an empty branch, on the base or on top of another one that nothing stands on. */
  createBranch(place: WorkspacePlace, branch: string, above?: string): Promise<void>;
  /** Says which branch the changes of these files belong to; the next commit on it takes them. */
  assign(place: WorkspacePlace, paths: readonly string[], branch: string): Promise<void>;
  /**
   * Commits what is assigned to a branch, as the files are now; what stands on the branch follows. Gives the commit, or
   * the branch's tip when nothing changed. Throws `CASC_CHANGES_DEPEND` when the changes build on another branch's, and
   * then nothing has moved.
   */
  commit(place: WorkspacePlace, branch: string, message: string, signal?: AbortSignal): Promise<string>;
  /**
   * Puts a branch on top of another one that nothing stands on, or (undefined) on the base. What stood on it stands on
   * what it stood on. Throws `CASC_CHANGES_DEPEND`, and then nothing has moved.
   */
  move(place: WorkspacePlace, branch: string, above: string | undefined): Promise<void>;
  /** Takes the last `createBranch`, `commit` or `move` back. Files stay as they are: what was committed is a change again. */
  undo(place: WorkspacePlace): Promise<void>;
  /** Brings a branch's commits into the cache, as `ref`; gives its tip. From there they are pushed to remotes. */
  push(place: WorkspacePlace, branch: string, ref: string, signal?: AbortSignal): Promise<string>;
  /** Takes the checkout and its branches away. False when there was none. */
  close(place: WorkspacePlace): Promise<boolean>;
}

export const changesDepend = (branch: string): Error => terminal('CASC_CHANGES_DEPEND', `The changes for the branch ${branch} build on changes of another branch.`, { advice: 'Put the branch on top of that one.' });
