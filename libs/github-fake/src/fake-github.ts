import { generateKeyPairSync } from 'node:crypto';
import { terminal } from '@cascade/messages';
import { SettableClock } from './clock.js';
import { Faults } from './faults/faults.js';
import { ListLag } from './faults/list-lag.js';
import { BareRepositories } from './git/bare-repositories.js';
import { tellPushes } from './git/pushes.js';
import { isGit, SmartHttp } from './git/smart-http.js';
import { GraphQl } from './graphql/graphql.js';
import { Api } from './http/api.js';
import { githubLimits, Limits, type LimitSettings } from './http/limits.js';
import { type ApiRequest } from './http/call.js';
import { type ApiAnswer, RequestFaults } from './http/request-faults.js';
import { Journal } from './journal.js';
import { lookAt, type SeenIssue } from './look.js';
import { Validator, type Violation } from './openapi/validator.js';
import { Person } from './people.js';
import { handlers } from './rest/handlers.js';
import { installedApp, plant, tokenFor, type AddedInstallation, type AddedToken, type Seed } from './seed.js';
import { addAccount, addRepository, type AddedRepository } from './verbs/accounts.js';
import { WebhookSender } from './webhooks/sender.js';
import { World } from './world/world.js';

export interface FakeGitHubOptions {
  readonly seed?: Seed;
  readonly clock?: SettableClock;
  /** GitHub's own; `noLimits` for tests that are not about limits. */
  readonly limits?: LimitSettings;
}

/**
 * A stateful GitHub on a port of this machine, for tests and demonstrations: REST under `/` and `/api/v3`, a part of
 * GraphQL, git over HTTP. All that is asked and answered is checked against GitHub's own OpenAPI description; `close`
 * fails when anything did not fit.
 */
export class FakeGitHub {
  readonly clock: SettableClock;
  readonly faults: Faults;
  readonly journal = new Journal();
  readonly limits: Limits;
  readonly world: World;
  readonly webhooks: WebhookSender;
  readonly #validator = new Validator();
  readonly #defects: unknown[] = [];
  readonly #git = new BareRepositories();
  readonly #api: Api;
  readonly #graphql: GraphQl;
  readonly #smartHttp: SmartHttp;
  #close: () => Promise<void> = () => Promise.resolve();
  url = 'http://127.0.0.1';

  constructor(options: FakeGitHubOptions) {
    this.clock = options.clock ?? new SettableClock();
    this.world = new World(this.clock, () => this.url);
    const lag = new ListLag(this.world);
    this.faults = new Faults((fault) => lag.remember(fault));
    this.limits = new Limits(options.limits ?? githubLimits, this.clock);
    this.webhooks = new WebhookSender(this.world, this.faults, this.#validator);
    const faults = new RequestFaults(this.faults);
    this.#api = new Api(this.world, faults, lag, this.limits, this.#validator, handlers(this.webhooks, this.#git));
    this.#graphql = new GraphQl(this.world, this.limits, faults);
    this.#smartHttp = new SmartHttp(this.world, this.#git, faults);
    plant(this.world, options.seed ?? {});
  }

  /** From now on it is reached there; `close` ends it. */
  servedAt(url: string, close: () => Promise<void>): void {
    this.url = url;
    this.#close = close;
  }

  /** @returns its classic token with scope `repo` */
  addUser(login: string): { readonly login: string; readonly token: string } {
    addAccount(this.world, login);
    return { login, token: this.addToken({ login }) };
  }

  addOrganization(login: string, members: readonly string[] = []): void {
    addAccount(this.world, login, 'Organization', members);
  }

  addToken(added: AddedToken): string {
    return tokenFor(this.world, added).value;
  }

  /** @param more `copyOf`: its git repository starts as a copy of the one in this folder, instead of with one README.md */
  addRepository(address: string, { copyOf, ...more }: AddedRepository & { readonly copyOf?: string } = {}): void {
    const repository = addRepository(this.world, address, more);
    if (copyOf !== undefined) this.#git.startFrom(repository, copyOf);
  }

  /** Commits files on top of a branch (a new one starts at the default branch), as if `by` had pushed. @returns the commit */
  addBranch({ repository: address, branch, files, by }: { readonly repository: string; readonly branch: string; readonly files: Readonly<Record<string, string>>; readonly by?: string }): string {
    const repository = this.world.knownRepository(address);
    const before = this.#git.branches(repository);
    const sha = this.#git.commit(repository, branch, files, `Change ${Object.keys(files).join(', ')}`);
    tellPushes(this.world, this.#git, { account: by === undefined ? repository.owner : this.world.knownAccount(by) }, repository, before);
    return sha;
  }

  /** Issues and pull requests as they are; no request, no trace in the journal. */
  look(address: string): readonly SeenIssue[] {
    return lookAt(this.world.knownRepository(address));
  }

  /** Branches and their commits. */
  branches(address: string): ReadonlyMap<string, string> {
    return this.#git.branches(this.world.knownRepository(address));
  }

  /** An App and its installation. @returns with the private key of the App when none was given */
  addApp(added: Omit<AddedInstallation, 'publicKey'>): { readonly id: number; readonly installation: number; readonly privateKey: string } {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    return { ...installedApp(this.world, { ...added, publicKey }), privateKey };
  }

  asPerson(login: string): Person {
    return new Person(this.world, this.#git, login);
  }

  /** Gives the repository another name; its old address answers 301. */
  renameRepository(address: string, name: string): void {
    const repository = this.world.knownRepository(address);
    this.world.formerNames.set(address.toLowerCase(), repository);
    repository.name = name;
  }

  /** Resolves when all webhooks that are due were delivered or given up. */
  settled(): Promise<void> {
    return this.webhooks.settled();
  }

  /** What a client, this fake or a webhook said that GitHub's description does not allow. */
  violations(): readonly Violation[] {
    return [...this.#validator.violations, ...this.#defects.map((error) => ({ where: 'this fake', problems: [error instanceof Error ? error.stack ?? error.message : String(error)] }))];
  }

  /** @throws CASC_FAKE_GITHUB_VIOLATION: something did not fit GitHub's description, unless they are `allowed` */
  async close({ allowViolations = false } = {}): Promise<void> {
    this.webhooks.close();
    this.faults.releaseAll();
    await this.#close();
    this.#git.close();
    const violations = this.violations();
    if (violations.length === 0 || allowViolations) return;
    throw terminal('CASC_FAKE_GITHUB_VIOLATION', `${violations.length} requests, answers or webhooks do not fit GitHub's description:\n${violations.map((one) => `${one.where}: ${one.problems.join('; ')}`).join('\n')}`);
  }

  answer(request: ApiRequest): Promise<ApiAnswer> {
    const entry = this.journal.begin(this.clock.now(), request.method, request.url.pathname);
    const room = isGit(entry.path) ? this.#smartHttp : /^\/(?:api\/)?graphql$/.test(entry.path) ? this.#graphql : this.#api;
    return room.handle(request, entry).then((answer) => {
      if (answer.kind === 'answer') entry.status = answer.status;
      return answer;
    });
  }

  /** What failed in this fake itself; `close` tells. */
  defect(error: unknown): void {
    this.#defects.push(error);
  }
}
