import { addAccount, addApp, addRepository, addToken, installApp, type AddedApp, type AddedRepository } from './verbs/accounts.js';
import { type Permissions, type Token } from './world/types.js';
import { type World } from './world/world.js';

/** What is there from the start; all members are JSON, so that a process can be given them. */
export interface Seed {
  readonly users?: readonly string[];
  /** Login → logins of members. */
  readonly organizations?: Readonly<Record<string, readonly string[]>>;
  /** By `owner/name`. */
  readonly repositories?: Readonly<Record<string, AddedRepository>>;
}

export function plant(world: World, seed: Seed): void {
  for (const login of seed.users ?? []) addAccount(world, login);
  for (const [login, members] of Object.entries(seed.organizations ?? {})) addAccount(world, login, 'Organization', members);
  for (const [address, more] of Object.entries(seed.repositories ?? {})) addRepository(world, address, more);
}

export interface AddedToken {
  readonly login: string;
  /** Classic: `repo` when nothing is given. */
  readonly scopes?: readonly string[];
  /** Makes it a fine-grained token. */
  readonly permissions?: Permissions;
  /** `owner/name`; undefined: all. */
  readonly repositories?: readonly string[];
  readonly expiresAt?: number;
}

export function tokenFor(world: World, added: AddedToken): Token {
  return addToken(world, world.knownAccount(added.login), {
    kind: added.permissions === undefined ? 'classic' : 'fine-grained', ...(added.scopes === undefined ? {} : { scopes: added.scopes }), ...(added.permissions === undefined ? {} : { permissions: added.permissions }),
    ...(added.repositories === undefined ? {} : { repositories: new Set(added.repositories.map((one) => world.knownRepository(one).id)) }), ...(added.expiresAt === undefined ? {} : { expiresAt: added.expiresAt }),
  });
}

export interface AddedInstallation extends AddedApp {
  /** `owner/name`; undefined: all of `account`'s (the owner's). */
  readonly repositories?: readonly string[];
  readonly account?: string;
}

/** An App and its installation. */
export function installedApp(world: World, added: AddedInstallation): { readonly id: number; readonly installation: number } {
  const app = addApp(world, added);
  const account = world.knownAccount(added.account ?? added.owner);
  return { id: app.id, installation: installApp(world, app, account, added.repositories?.map((one) => world.knownRepository(one))).id };
}
