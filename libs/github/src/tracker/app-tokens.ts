import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { Secret } from '@cascade/contracts';
import type { GitHubClient } from './github-client.js';
import { remember } from './remember.js';
import type { TrackerRepository } from './issue-tracker.js';

/** What a token is for; it can do no more than that. */
export type Purpose = 'tracker' | 'hooks' | 'push';

const permissionsFor: Readonly<Record<Purpose, Readonly<Record<string, 'read' | 'write'>>>> = {
  tracker: { metadata: 'read', issues: 'write', pull_requests: 'write' },
  hooks: { metadata: 'read', issues: 'write', repository_hooks: 'write' },
  push: { metadata: 'read', contents: 'write' },
};

/** GitHub's tokens live an hour. By the time since it was made, because this machine's clock may be wrong. */
const RENEWED_AFTER_MS = 50 * 60_000;

const installationAnswer = z.object({ id: z.number().int().positive() });
const tokenAnswer = z.object({ token: z.string().min(1).max(2_000) });

interface Minted {
  readonly token: Secret;
  readonly at: number;
}

/** A GitHub App's tokens: each for one repository and one purpose, an hour long. */
export class AppTokens {
  readonly #installations = new Map<string, Promise<number>>();
  readonly #minted = new Map<string, Promise<Minted>>();

  /** `app`: a client whose credentials are the App's own (`appToken`). */
  constructor(private readonly app: GitHubClient, private readonly now: () => number = () => performance.now()) {}

  /** Throws `CASC_GITHUB_NOT_FOUND` when the App is not installed on `repository`. */
  installationOf(repository: TrackerRepository): Promise<number> {
    const request = { owner: repository.owner, repo: repository.name };
    return once(this.#installations, `${repository.owner}/${repository.name}`, async () => (await this.app.request('GET /repos/{owner}/{repo}/installation', request, { answer: installationAnswer })).data.id);
  }

  /** With `renewed` a new one, for when GitHub did not take the last. */
  async tokenFor(repository: TrackerRepository, purpose: Purpose, renewed = false): Promise<Secret> {
    const name = `${repository.owner}/${repository.name}#${purpose}`;
    const last = this.#minted.get(name);
    const known = renewed ? undefined : await last;
    if (known !== undefined && this.now() - known.at < RENEWED_AFTER_MS) return known.token;
    // Another who asked may have begun to make a new one meanwhile.
    if (this.#minted.get(name) === last) this.#minted.delete(name);
    return (await once(this.#minted, name, () => this.#mint(repository, purpose))).token;
  }

  async #mint(repository: TrackerRepository, purpose: Purpose): Promise<Minted> {
    const at = this.now();
    const request = { installation_id: await this.installationOf(repository), repositories: [repository.name], permissions: permissionsFor[purpose] };
    const { data } = await this.app.request('POST /app/installations/{installation_id}/access_tokens', request, { answer: tokenAnswer });
    return { token: new Secret(data.token), at };
  }
}

/** What an App says it is with: signed by its key, ten minutes long. */
export function appToken(appId: string, privateKey: Secret): () => Promise<Secret> {
  const auth = createAppAuth({ appId, privateKey: privateKey.reveal() });
  return async () => new Secret((await auth({ type: 'app' })).token);
}

/** The result of `work` for `name`, shared by all who ask; what failed is tried again by the next. */
async function once<T>(results: Map<string, Promise<T>>, name: string, work: () => Promise<T>): Promise<T> {
  const known = results.get(name);
  if (known !== undefined) return await known;
  const result = work();
  remember(results, name, result);
  try {
    return await result;
  } catch (error) {
    results.delete(name);
    throw error;
  }
}
