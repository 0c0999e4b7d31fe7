import type { CachedRepository } from './cached-repository.js';

export interface WorkspacePlace {
  readonly repository: CachedRepository;
  /** Also the folder's name. */
  readonly workspaceId: string;
  /** Absolute path of the checkout. */
  readonly path: string;
}

/**
 * How a checkout of its own is made for one task. The driver knows neither cascades nor refs: commits are written into
 * the cache by plumbing, whatever the driver is.
 */
export interface WorkspaceDriver {
  readonly kind: 'worktree' | 'gitbutler';
  /** Whether this machine has what the driver needs. */
  probe(): Promise<{ readonly ok: boolean; readonly reason?: string }>;
  /** Makes a clean checkout of `base` at the place, whatever is or was half made there. */
  open(place: WorkspacePlace, base: string, reason: string, signal?: AbortSignal): Promise<void>;
  /** Takes the checkout away. False when there was none. */
  close(place: WorkspacePlace): Promise<boolean>;
  /** Names of the checkouts that a repository has, half-made ones too. */
  list(repository: CachedRepository): Promise<string[]>;
}
