/** A repository as a tracker names it. */
export interface TrackerRepository {
  readonly owner: string;
  readonly name: string;
}

/** What addresses an issue: numbers are a repository's own. */
export interface IssueAddress {
  readonly repository: TrackerRepository;
  readonly number: number;
}

export type IssueState = 'open' | 'closed';
export type StateReason = 'completed' | 'not_planned' | 'reopened' | 'duplicate';

/** What both sides may change of an issue. Texts are Markdown as GitHub stores it, never converted. */
export interface IssueFields {
  readonly title: string;
  readonly body: string;
  readonly state: IssueState;
  readonly stateReason?: StateReason;
  readonly labels: readonly string[];
  /** Logins. */
  readonly assignees: readonly string[];
  /** Its number; undefined is none. */
  readonly milestone: number | undefined;
}

/** Names of a set that are put on or taken off. The others are not mentioned: what somebody else does to them meanwhile stays. */
export interface NameChanges {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** What of an issue is to be another. */
export interface IssueChanges extends Partial<Omit<IssueFields, 'labels' | 'assignees'>> {
  readonly labels?: NameChanges;
  readonly assignees?: NameChanges;
}

export interface Issue extends IssueFields, IssueAddress {
  /** The number that sub-issues are added by; not the one in its address. */
  readonly id: number;
  /** Stays the same when the issue moves to another repository. */
  readonly nodeId: string;
  /** Login. */
  readonly author: string;
  readonly isLocked: boolean;
  readonly isPullRequest: boolean;
  /** RFC 3339, to the second: a cursor, never a clock of conflicts. */
  readonly updatedAt: string;
  readonly url: string;
  readonly etag?: string;
}

/**
 * An issue that was asked for: as it is now; the same as when `etag` was given; moved to where `to` says; or not there
 * (deleted, converted to a discussion, or no longer visible to these credentials, which GitHub does not tell apart).
 */
export type IssueLook =
  | { readonly kind: 'issue'; readonly issue: Issue }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'moved'; readonly to: IssueAddress }
  | { readonly kind: 'gone' };

export interface IssuePage {
  readonly issues: readonly Issue[];
  /** Of the first page; undefined where a tracker has none. */
  readonly etag?: string;
  readonly hasMore: boolean;
}

export interface ListedIssues {
  readonly labels?: readonly string[];
  /** RFC 3339; issues updated at or after it, the ones updated first come first. */
  readonly since?: string;
  /** From 1. */
  readonly page?: number;
  readonly etag?: string;
  readonly order?: 'updated-ascending' | 'updated-descending' | 'created-descending';
  /** How many on a page; 100. */
  readonly perPage?: number;
}

export interface IssueComment {
  readonly id: number;
  readonly nodeId: string;
  readonly body: string;
  /** Login. */
  readonly author: string;
  /** GitHub's `author_association`: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, … A hint; `permissionOf` decides. */
  readonly authorAssociation: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly url: string;
}

/** A comment, and the number of the issue or pull request that it stands on. */
export interface PlacedComment extends IssueComment {
  readonly number: number;
}

/** That somebody put a label on an issue. */
export interface Labeling {
  readonly id: number;
  /** Login. */
  readonly author: string;
  readonly at: string;
}

export interface Label {
  readonly name: string;
  /** Six hex digits. */
  readonly color: string;
  readonly description: string;
}

/** What somebody may do in a repository, in the order none < read < triage < write < maintain < admin. */
export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

export interface PullRequestFields {
  readonly title: string;
  readonly body: string;
  /** Branch in the same repository. */
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
}

export interface PullRequest extends PullRequestFields {
  readonly number: number;
  readonly nodeId: string;
  readonly state: 'open' | 'closed';
  readonly isMerged: boolean;
  readonly url: string;
}

/** What a tracker cannot do is missed in a documented way (docs/github-trackers.md), not an error of the one who syncs. */
export interface TrackerCapabilities {
  /**
   * Issues come as GitHub stores them. Where this is false, titles and bodies are cleaned on the way (HTML comments are
   * gone, and with them markers and managed blocks), `nodeId` is empty, `id` is 0 but for what was just written,
   * `milestone` is never told, and lists lack assignees: state and labels can be taken over from such an issue, its texts
   * cannot be.
   */
  readonly exact: boolean;
  readonly subIssues: boolean;
  readonly etags: boolean;
  readonly labels: boolean;
  readonly permissions: boolean;
  readonly pullRequests: boolean;
  readonly commentEdits: boolean;
  /** What happened can be asked for: comments of a whole repository, and who put a label on. */
  readonly history: boolean;
}

/**
 * Where people see work items. Calls wait for the limits of the tracker (they may take minutes) and end with `signal`.
 * All throw domain errors: `CASC_GITHUB_UNAVAILABLE`, `CASC_GITHUB_LIMITED` (retryable), `CASC_GITHUB_UNAUTHORIZED`,
 * `CASC_GITHUB_FORBIDDEN`, `CASC_GITHUB_NOT_FOUND`, `CASC_GITHUB_GONE`, `CASC_GITHUB_INVALID` (terminal).
 *
 * Creating is never repeated by a tracker: after `CASC_GITHUB_UNAVAILABLE` the thing may be there, and only who knows
 * its marker can look for it.
 */
export interface IssueTracker {
  readonly capabilities: TrackerCapabilities;
  /** Login under which this tracker writes. */
  whoAmI(signal?: AbortSignal): Promise<string>;
  getIssue(address: IssueAddress, options?: { readonly etag?: string | undefined; readonly signal?: AbortSignal | undefined }): Promise<IssueLook>;
  /** 100 a page. `'unchanged'` only when `etag` was given. Pull requests are left out. */
  listIssues(repository: TrackerRepository, listed: ListedIssues, signal?: AbortSignal): Promise<IssuePage | 'unchanged'>;
  createIssue(repository: TrackerRepository, fields: Pick<IssueFields, 'title' | 'body' | 'labels' | 'assignees' | 'milestone'>, signal?: AbortSignal): Promise<Issue>;
  /** In several requests, where it has to: after an error, some of it may be done. Taking off what is not on does nothing. */
  updateIssue(address: IssueAddress, changes: IssueChanges, signal?: AbortSignal): Promise<void>;
  listSubIssues(parent: IssueAddress, signal?: AbortSignal): Promise<readonly Issue[]>;
  /** Does nothing when it is one already. */
  addSubIssue(parent: IssueAddress, child: Pick<Issue, 'id' | 'number'>, signal?: AbortSignal): Promise<void>;
  /** Oldest first, up to 1,000. */
  listComments(address: IssueAddress, options?: { readonly since?: string; readonly signal?: AbortSignal | undefined }): Promise<readonly IssueComment[]>;
  /** Of all issues and pull requests, the one that changed first comes first; 100 a page. */
  listRepositoryComments(repository: TrackerRepository, listed: { readonly since: string; readonly page: number }, signal?: AbortSignal): Promise<{ readonly comments: readonly PlacedComment[]; readonly hasMore: boolean }>;
  /** Who put the label on last; undefined when nobody is known to have. Looks at the first 1,000 things that happened. */
  lastLabeling(address: IssueAddress, label: string, signal?: AbortSignal): Promise<Labeling | undefined>;
  /** undefined when it is gone. */
  getComment(repository: TrackerRepository, id: number, signal?: AbortSignal): Promise<IssueComment | undefined>;
  createComment(address: IssueAddress, body: string, signal?: AbortSignal): Promise<IssueComment>;
  updateComment(repository: TrackerRepository, id: number, body: string, signal?: AbortSignal): Promise<IssueComment>;
  /** Creates what is missing; an existing label keeps its colour and description. */
  ensureLabels(repository: TrackerRepository, labels: readonly Label[], signal?: AbortSignal): Promise<void>;
  permissionOf(repository: TrackerRepository, login: string, signal?: AbortSignal): Promise<Permission>;
  /** The open one, else the newest, of a branch in this repository. */
  findPullRequest(repository: TrackerRepository, head: string, signal?: AbortSignal): Promise<PullRequest | undefined>;
  createPullRequest(repository: TrackerRepository, fields: PullRequestFields, signal?: AbortSignal): Promise<PullRequest>;
  updatePullRequest(repository: TrackerRepository, number: number, changes: Partial<Pick<PullRequestFields, 'title' | 'body' | 'isDraft'>> & { readonly state?: 'open' | 'closed' }, signal?: AbortSignal): Promise<PullRequest>;
}
