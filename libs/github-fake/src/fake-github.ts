import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { terminal } from '@cascade/messages';
import { SettableClock } from './clock.js';
import { Faults } from './faults/faults.js';
import { ListLag } from './faults/list-lag.js';
import { Api } from './http/api.js';
import { githubLimits, Limits, type LimitSettings } from './http/limits.js';
import { bodyOf, listen } from './http/server.js';
import { Journal, type JournalEntry } from './journal.js';
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
  /** 0: a free one. */
  readonly port?: number;
}

/**
 * A stateful GitHub on a port of this machine, for tests and demonstrations: REST under `/` and `/api/v3`. All that is
 * asked and answered is checked against GitHub's own OpenAPI description; `close` fails when anything did not fit.
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
  readonly #api: Api;
  #close: () => Promise<void> = () => Promise.resolve();
  url = 'http://127.0.0.1';

  constructor(options: FakeGitHubOptions) {
    this.clock = options.clock ?? new SettableClock();
    this.world = new World(this.clock, () => this.url);
    const lag = new ListLag(this.world);
    this.faults = new Faults((fault) => lag.remember(fault));
    this.limits = new Limits(options.limits ?? githubLimits, this.clock);
    this.webhooks = new WebhookSender(this.world, this.faults, this.#validator);
    this.#api = new Api(this.world, this.faults, lag, this.limits, this.#validator, handlers(this.webhooks));
    plant(this.world, options.seed ?? {});
  }

  async listen(port: number): Promise<void> {
    const { server, url } = await listen((request, response) => this.#respond(request, response), port, (error) => this.#defects.push(error));
    this.url = url;
    this.#close = () => new Promise((done) => { server.close(() => done()); server.closeAllConnections(); });
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

  addRepository(address: string, more: AddedRepository = {}): void {
    addRepository(this.world, address, more);
  }

  /** An App and its installation. @returns with the private key of the App when none was given */
  addApp(added: Omit<AddedInstallation, 'publicKey'>): { readonly id: number; readonly installation: number; readonly privateKey: string } {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    return { ...installedApp(this.world, { ...added, publicKey }), privateKey };
  }

  asPerson(login: string): Person {
    return new Person(this.world, login);
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
    const violations = this.violations();
    if (violations.length === 0 || allowViolations) return;
    throw terminal('CASC_FAKE_GITHUB_VIOLATION', `${violations.length} requests, answers or webhooks do not fit GitHub's description:\n${violations.map((one) => `${one.where}: ${one.problems.join('; ')}`).join('\n')}`);
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL((request.url ?? '/').replace(/^\/api\/v3(?=\/|\?|$)/, ''), this.url);
    const entry = this.journal.begin(this.clock.now(), request.method ?? 'GET', url.pathname);
    const body = await bodyOf(request);
    if (body === undefined) return void response.writeHead(413).end();
    const answer = await this.#api.handle({ method: request.method ?? 'GET', url, headers: request.headers, body }, entry);
    if (answer.kind === 'cut') return void response.destroy();
    finish(entry, answer.status);
    response.writeHead(answer.status, answer.headers).end(answer.body === '' ? undefined : answer.body);
  }
}

const finish = (entry: JournalEntry, status: number): void => { entry.status = status; };

export async function startFakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const fake = new FakeGitHub(options);
  await fake.listen(options.port ?? 0);
  return fake;
}
