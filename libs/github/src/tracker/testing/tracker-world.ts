import type { IssueAddress, IssueTracker, Permission, TrackerRepository } from '../issue-tracker.js';

/** A repository at a server of its own, and who works on it. */
export interface TrackerWorld {
  readonly tracker: IssueTracker;
  /** Somebody else's hands on the same repository, past the tracker that is tried. */
  readonly person: IssueTracker;
  readonly repository: TrackerRepository;
  /** Of the tracker's credentials. */
  readonly login: string;
  /** Login of somebody who may be assigned. */
  readonly assignable: string;
  /** Some of those who work on the repository. */
  readonly permissions?: Readonly<Record<string, Permission>>;
  /** The number of a milestone that is there. */
  readonly milestone?: number;
  /** The same tracker with credentials that the server does not know. */
  readonly stranger?: IssueTracker;
  /** So many issues with a label, faster than one by one. */
  createMany?(count: number, label: string): Promise<void>;
  /** A branch with a commit that the default branch does not have; resolves with the name of the default branch. */
  branch?(name: string): Promise<string>;
  remove?(address: IssueAddress): Promise<void>;
  transfer?(address: IssueAddress): Promise<IssueAddress>;
  labelColor?(name: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** What a server cannot do although the tracker can, hence is not tried. */
export type Missing = 'etags' | 'sub-issues' | 'pull-requests' | 'drafts' | 'permissions' | 'comment-edits' | 'milestones' | 'moves' | 'strangers' | 'label-colors' | 'exactness' | 'closed-reasons' | 'comment-since' | 'history';
