import { type Actor, type GitHubApp, type Installation, type Issue, type Repository, type Role, type Token } from '../world/types.js';
import { type World } from '../world/world.js';

export interface ApiRequest {
  readonly method: string;
  /** Without the prefix of an Enterprise server. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Who asks: nobody, somebody with a token, or an App that signed a JWT. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'token'; readonly token: Token }
  | { readonly kind: 'app'; readonly app: GitHubApp };

/** A request that passed authentication, validation and permissions; what a handler gets. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly actor: Actor;
  readonly operation: string;
  /** From the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed and valid by GitHub's description. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Where the path names one. */
  readonly repository: Repository;
  /** The caller's. */
  readonly role: Role;
  readonly installation: Installation | undefined;
  /** What lists show: the repository's issues, or an older state of them while a test wants lists to lag. */
  readonly listed: () => readonly Issue[];
}

export interface Answer {
  readonly status: number;
  /** undefined: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A list of which the answer shows one page; `page` makes it JSON. */
  readonly paged?: { readonly items: readonly unknown[]; readonly show: (items: readonly unknown[]) => unknown };
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const empty = (): Answer => ({ status: 204 });

/** One page of a list, made JSON only for what is on it. */
export const list = <T>(items: readonly T[], show: (item: T) => unknown, wrap: (shown: readonly unknown[]) => unknown = (shown) => shown): Answer =>
  ({ status: 200, paged: { items, show: (page) => wrap(page.map((one) => show(one as T))) } });

export const nameOf = (caller: Caller): string => caller.kind === 'anonymous' ? 'anonymous' : caller.kind === 'app' ? `app/${caller.app.slug}` : caller.token.account.login;

const nobody: Actor = { account: { id: 0, nodeId: '', login: 'ghost', type: 'User', members: new Set() } };

export function actorOf(caller: Caller): Actor {
  if (caller.kind === 'anonymous') return nobody;
  if (caller.kind === 'app') return { account: caller.app.bot, app: caller.app };
  const { account, installation } = caller.token;
  return { account, ...(installation === undefined ? {} : { app: installation.app }) };
}
