/** In rising order: each role may do what the ones before it may. */
export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof roles)[number];
export const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export interface Account {
  readonly id: number;
  readonly nodeId: string;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  /** Of an organization: logins. */
  readonly members: Set<string>;
}

export type PermissionLevel = 'read' | 'write' | 'admin';
/** Of an App, an installation token or a fine-grained token: `issues: 'write'` and so on. */
export type Permissions = Readonly<Record<string, PermissionLevel>>;

export interface GitHubApp {
  readonly id: number;
  readonly nodeId: string;
  readonly slug: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: number;
  readonly hook?: Hook;
}

export interface Installation {
  readonly id: number;
  readonly app: GitHubApp;
  readonly account: Account;
  /** undefined: all of the account's. */
  readonly repositories?: Set<number>;
  readonly createdAt: number;
}

/** How a request shows who it is from. */
export interface Token {
  readonly value: string;
  readonly kind: 'classic' | 'fine-grained' | 'installation';
  readonly account: Account;
  /** Classic tokens. */
  readonly scopes: readonly string[];
  /** The other kinds. */
  readonly permissions: Permissions;
  readonly repositories?: ReadonlySet<number>;
  readonly expiresAt?: number;
  readonly installation?: Installation;
}

export interface Label {
  readonly id: number;
  readonly nodeId: string;
  name: string;
  color: string;
  description: string | null;
}

export interface Milestone {
  readonly id: number;
  readonly nodeId: string;
  readonly number: number;
  readonly creator: Account;
  readonly createdAt: number;
  title: string;
  description: string | null;
  state: 'open' | 'closed';
  dueOn: string | null;
  updatedAt: number;
  closedAt: number | null;
}

export interface Comment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: Account;
  readonly app?: GitHubApp;
  readonly createdAt: number;
  readonly issue: Issue;
  body: string;
  updatedAt: number;
}

export interface Pull {
  readonly id: number;
  readonly nodeId: string;
  readonly head: string;
  base: string;
  headSha: string;
  baseSha: string;
  isDraft: boolean;
  merge?: { readonly sha: string; readonly at: number; readonly by: Account };
}

/** Why an issue is no longer where it was. */
export type IssueEnd = { readonly kind: 'deleted' } | { readonly kind: 'transferred'; readonly to: Issue };

/** That somebody put a label on or took it off. */
export interface Labelled {
  readonly id: number;
  readonly nodeId: string;
  readonly at: number;
  readonly actor: Account;
  readonly event: 'labeled' | 'unlabeled';
  readonly label: { readonly name: string; readonly color: string };
}

/** An issue or a pull request. Its lists are replaced, never changed in place, so that a shallow copy is a snapshot. */
export interface Issue {
  readonly id: number;
  readonly nodeId: string;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  readonly app?: GitHubApp;
  readonly createdAt: number;
  readonly pull?: Pull;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  labels: readonly Label[];
  labelled: readonly Labelled[];
  assignees: readonly Account[];
  milestone: Milestone | undefined;
  isLocked: boolean;
  lockReason: string | null;
  comments: readonly Comment[];
  parent: Issue | undefined;
  subIssues: readonly Issue[];
  updatedAt: number;
  closedAt: number | null;
  closedBy: Account | undefined;
  end: IssueEnd | undefined;
}

export interface Hook {
  readonly id: number;
  /** Either a repository's or an App's. */
  readonly repository?: Repository;
  readonly appId?: number;
  readonly createdAt: number;
  url: string;
  secret: string | undefined;
  contentType: 'json' | 'form';
  insecureSsl: string;
  events: readonly string[];
  isActive: boolean;
  updatedAt: number;
  lastResponse: { readonly code: number | null; readonly status: string; readonly message: string | null };
}

export interface Repository {
  readonly id: number;
  readonly nodeId: string;
  readonly owner: Account;
  name: string;
  readonly isPrivate: boolean;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly createdAt: number;
  pushedAt: number;
  /** By login. */
  readonly collaborators: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  readonly labels: Map<string, Label>;
  readonly milestones: Map<number, Milestone>;
  readonly hooks: Map<number, Hook>;
  nextNumber: number;
  nextMilestone: number;
}

/** Who acts: a person or a bot, perhaps through an App. */
export interface Actor {
  readonly account: Account;
  readonly app?: GitHubApp;
}
