import { terminal } from '@cascade/messages';
import { type Account, type GitHubApp, type Hook, type Installation, type Permissions, type Repository, type Role, type Token } from '../world/types.js';
import { type World } from '../world/world.js';

const isLogin = (login: string): boolean => /^[a-z\d](?:[a-z\d-]{0,38})(?:\[bot\])?$/i.test(login);

export function addAccount(world: World, login: string, type: Account['type'] = 'User', members: readonly string[] = []): Account {
  if (!isLogin(login) || world.account(login) !== undefined) throw terminal('CASC_FAKE_GITHUB_SEED', `The fake GitHub cannot have an account ${login}: it is no login, or taken.`);
  const account: Account = { ...world.identity('U'), login, type, members: new Set(members.map((one) => one.toLowerCase())) };
  world.accounts.set(login.toLowerCase(), account);
  return account;
}

const prefixes = { classic: 'ghp_', 'fine-grained': 'github_pat_', installation: 'ghs_' } as const;

export function addToken(world: World, account: Account, more: Partial<Omit<Token, 'account' | 'value'>> = {}): Token {
  const kind = more.kind ?? 'classic';
  const scopes = more.scopes ?? (kind === 'classic' ? ['repo'] : []);
  const value = `${prefixes[kind]}${account.login.replaceAll(/\W/g, '')}${world.nextId()}`;
  const token: Token = { permissions: {}, ...more, kind, scopes, value, account };
  world.tokens.set(value, token);
  return token;
}

export interface AddedRepository {
  readonly isPrivate?: boolean;
  readonly description?: string;
  readonly defaultBranch?: string;
  /** By login. */
  readonly collaborators?: Readonly<Record<string, Role>>;
}

export function addRepository(world: World, address: string, more: AddedRepository = {}): Repository {
  const [owner = '', name = ''] = address.split('/');
  if (!/^[\w.-]+$/.test(name) || name.startsWith('.') || world.repository(owner, name) !== undefined) throw terminal('CASC_FAKE_GITHUB_SEED', `The fake GitHub cannot have a repository ${address}: it is no address, or taken.`);
  const now = world.now();
  const repository: Repository = {
    ...world.identity('R'), owner: world.knownAccount(owner), name, isPrivate: more.isPrivate ?? false, description: more.description ?? null, defaultBranch: more.defaultBranch ?? 'main', createdAt: now, pushedAt: now,
    collaborators: new Map(Object.entries(more.collaborators ?? {}).map(([login, role]) => [login.toLowerCase(), role])),
    issues: new Map(), labels: new Map(), milestones: new Map(), hooks: new Map(), nextNumber: 1, nextMilestone: 1,
  };
  world.repositories.set(repository.id, repository);
  return repository;
}

export interface AddedApp {
  readonly slug: string;
  readonly owner: string;
  /** PEM. */
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events?: readonly string[];
  readonly hook?: { readonly url: string; readonly secret?: string };
}

export function addApp(world: World, added: AddedApp): GitHubApp {
  const now = world.now();
  const identity = world.identity('A');
  const hook: Hook | undefined = added.hook === undefined ? undefined : {
    id: world.nextId(), appId: identity.id, createdAt: now, updatedAt: now, url: added.hook.url, secret: added.hook.secret, contentType: 'json', insecureSsl: '0', events: added.events ?? [], isActive: true, lastResponse: { code: null, status: 'unused', message: null },
  };
  const app: GitHubApp = {
    ...identity, slug: added.slug, owner: world.knownAccount(added.owner), bot: addAccount(world, `${added.slug}[bot]`, 'Bot'), publicKey: added.publicKey, permissions: { metadata: 'read', ...added.permissions }, events: added.events ?? [], createdAt: now,
    ...(hook === undefined ? {} : { hook }),
  };
  world.apps.set(app.id, app);
  return app;
}

/** @param repositories undefined: all of the account's */
export function installApp(world: World, app: GitHubApp, account: Account, repositories?: readonly Repository[]): Installation {
  const installation: Installation = { id: world.nextId(), app, account, createdAt: world.now(), ...(repositories === undefined ? {} : { repositories: new Set(repositories.map((one) => one.id)) }) };
  world.installations.set(installation.id, installation);
  return installation;
}
