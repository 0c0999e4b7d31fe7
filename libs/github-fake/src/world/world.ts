import { terminal } from '@cascade/messages';
import { type Clock } from '../clock.js';
import { type Account, type Actor, type GitHubApp, type Hook, type Installation, type Repository, type Role, type Token } from './types.js';

/** Something happened that webhooks tell. */
export interface WorldEvent {
  readonly event: string;
  readonly action?: string;
  /** Whose hooks hear of it. */
  readonly repository: Repository;
  readonly actor: Actor;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Only this hook hears it (ping). */
  readonly onlyTo?: Hook;
}

const nodeId = (prefix: string, id: number): string => `${prefix}_kgDO${Buffer.from(String(id)).toString('base64url')}`;

/** All that this GitHub knows. Verbs (src/verbs) change it; JSON (src/json) shows it. */
export class World {
  readonly accounts = new Map<string, Account>();
  readonly repositories = new Map<number, Repository>();
  readonly tokens = new Map<string, Token>();
  readonly apps = new Map<number, GitHubApp>();
  readonly installations = new Map<number, Installation>();
  /** Addresses that repositories had before, lower case. */
  readonly formerNames = new Map<string, Repository>();
  readonly #listeners: ((event: WorldEvent) => void)[] = [];
  #lastId = 1000;

  /** @param root where the API answers; `https://api.github.com` of the real one */
  constructor(readonly clock: Clock, readonly root: () => string) {}

  now(): number {
    return this.clock.now();
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  identity(prefix: string): { readonly id: number; readonly nodeId: string } {
    const id = this.nextId();
    return { id, nodeId: nodeId(prefix, id) };
  }

  emit(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  onEvent(listener: (event: WorldEvent) => void): void {
    this.#listeners.push(listener);
  }

  account(login: string): Account | undefined {
    return this.accounts.get(login.toLowerCase());
  }

  /** @throws CASC_FAKE_GITHUB_UNKNOWN: a test names somebody whom it did not add */
  knownAccount(login: string): Account {
    const found = this.account(login);
    if (found === undefined) throw terminal('CASC_FAKE_GITHUB_UNKNOWN', `The fake GitHub has no account ${login}.`);
    return found;
  }

  repository(owner: string, name: string): Repository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    return [...this.repositories.values()].find((one) => fullName(one).toLowerCase() === wanted);
  }

  /** @throws CASC_FAKE_GITHUB_UNKNOWN */
  knownRepository(address: string): Repository {
    const [owner = '', name = ''] = address.split('/');
    const found = this.repository(owner, name);
    if (found === undefined) throw terminal('CASC_FAKE_GITHUB_UNKNOWN', `The fake GitHub has no repository ${address}.`);
    return found;
  }

  roleOf(account: Account, repository: Repository): Role {
    if (account === repository.owner) return 'admin';
    const given = repository.collaborators.get(account.login.toLowerCase());
    if (given !== undefined) return given;
    if (repository.owner.members.has(account.login.toLowerCase())) return 'read';
    return repository.isPrivate ? 'none' : 'read';
  }

  installationOf(app: GitHubApp, repository: Repository): Installation | undefined {
    return [...this.installations.values()].find((one) => one.app === app && reaches(one, repository));
  }
}

export const fullName = (repository: Repository): string => `${repository.owner.login}/${repository.name}`;

export const reaches = (installation: Installation, repository: Repository): boolean =>
  installation.account === repository.owner && (installation.repositories === undefined || installation.repositories.has(repository.id));
