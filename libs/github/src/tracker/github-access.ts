import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from '@cascade/contracts';
import { untilAborted } from '@cascade/streams';
import { AppTokens, appToken, type Purpose } from './app-tokens.js';
import { abortError, GitHubClient, type ClientOptions } from './github-client.js';
import { requireCredentials, type GitHubConfig } from './github-config.js';
import type { TrackerRepository } from './issue-tracker.js';
import { remember } from './remember.js';

const login = z.object({ login: z.string().min(1).max(100) });
const slug = z.object({ slug: z.string().min(1).max(100) });

/** Names whose limits a token uses up, without telling it. */
export const tokenName = (token: Secret): string => `token-${createHash('sha256').update(token.reveal()).digest('hex').slice(0, 12)}`;

export type AccessOptions = Pick<ClientOptions, 'budget' | 'bounds' | 'retryDelayMs' | 'pause'>;

/** Clients and tokens for the repositories that the configured credentials reach. */
export class GitHubAccess {
  readonly #clients = new Map<string, GitHubClient>();
  /** With a token: for everything. With an App: only for what is the App's own. */
  readonly #own: GitHubClient;
  readonly #app: AppTokens | undefined;
  readonly #token: Secret | undefined;

  /** Throws `CASC_GITHUB_NOT_CONFIGURED` when there are no credentials. */
  constructor(private readonly config: Pick<GitHubConfig, 'api' | 'credentials' | 'hasLimits'>, private readonly options: AccessOptions = {}) {
    const credentials = requireCredentials(config.credentials);
    if (credentials.kind === 'token') {
      const { token } = credentials;
      this.#token = token;
      this.#own = this.#client(tokenName(token), async () => token);
    } else {
      this.#own = this.#client(`app-${credentials.appId}`, appToken(credentials.appId, credentials.privateKey));
      this.#app = new AppTokens(this.#own);
    }
  }

  /** Requests about `repository`; an App's are allowed what `purpose` needs there, and nothing elsewhere. */
  async clientFor(repository: TrackerRepository, purpose: Purpose = 'tracker', signal?: AbortSignal): Promise<GitHubClient> {
    const app = this.#app;
    if (app === undefined) return this.#own;
    const name = `${repository.owner}/${repository.name}#${purpose}`;
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    // Others may wait for the same answer: who gives up leaves it to them.
    const asked = app.installationOf(repository);
    const installation = signal === undefined ? await asked : await untilAborted(asked, signal, (reason) => abortError(`installation on ${repository.owner}/${repository.name}`, reason));
    const client = this.#client(`installation-${installation}`, (renewed) => app.tokenFor(repository, purpose, renewed));
    remember(this.#clients, name, client);
    return client;
  }

  /** Requests about the App itself; undefined with a token. */
  get asApp(): GitHubClient | undefined {
    return this.#app === undefined ? undefined : this.#own;
  }

  /** For programs that speak to GitHub by themselves, as git does. An App's token ends within the hour. */
  async tokenFor(repository: TrackerRepository, purpose: Purpose): Promise<Secret> {
    return this.#token ?? await this.#app!.tokenFor(repository, purpose);
  }

  /** Under which login these credentials write. */
  async whoAmI(signal?: AbortSignal): Promise<string> {
    if (this.#app === undefined) return (await this.#own.request('GET /user', {}, { answer: login, signal })).data.login;
    return `${(await this.#own.request('GET /app', {}, { answer: slug, signal })).data.slug}[bot]`;
  }

  #client(installation: string, token: ClientOptions['token']): GitHubClient {
    const { api, hasLimits } = this.config;
    return new GitHubClient({ ...this.options, api, hasLimits, installation, token });
  }
}
