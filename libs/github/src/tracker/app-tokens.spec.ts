import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@cascade/contracts';
import { failOnLeaks } from '@cascade/testing';
import { AppTokens, appToken } from './app-tokens.js';
import { GitHubAccess } from './github-access.js';
import { GitHubClient } from './github-client.js';
import { RestTracker } from './rest-tracker.js';
import { ScriptedGitHub, scriptedIssue, type Reaction, type ScriptedRequest } from './testing/scripted-github.js';

failOnLeaks();

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const [one, two] = [{ owner: 'o', name: 'one' }, { owner: 'o', name: 'two' }];
const minute = 60_000;

let server: ScriptedGitHub;
afterEach(() => server.close());

/** Installation 7 has every repository; each token that is made has a number of its own. */
async function start(react: (request: ScriptedRequest, minted: number) => Reaction | undefined = () => undefined): Promise<void> {
  let minted = 0;
  server = await new ScriptedGitHub((request) => {
    const special = react(request, minted);
    if (special !== undefined) return special;
    if (request.path.endsWith('/installation')) return { body: { id: 7 } };
    if (request.path.endsWith('/access_tokens')) return { status: 201, body: { token: `canary-${++minted}`, expires_at: '2001-01-01T00:00:00Z' } };
    if (request.path === '/app') return { body: { slug: 'cascade-bot' } };
    return { body: scriptedIssue(1, { repository_url: `${server.url}${request.path.replace(/\/issues.*/, '')}` }) };
  }).start();
}

const tokensWith = (now: () => number): AppTokens =>
  new AppTokens(new GitHubClient({ api: server.url, installation: 'app-1', hasLimits: false, retryDelayMs: 1, token: appToken('1', new Secret(privateKey)) }), now);
const access = (): GitHubAccess => new GitHubAccess({ api: server.url, credentials: { kind: 'app', appId: '1', privateKey: new Secret(privateKey) }, hasLimits: false }, { retryDelayMs: 1 });
const mints = (): ScriptedRequest[] => server.requests.filter(({ path }) => path.endsWith('/access_tokens'));

describe('an App\'s tokens', () => {
  it('are for one repository and one purpose, and asked for with the App\'s signature', async () => {
    await start();
    const tokens = tokensWith(() => 0);
    expect((await tokens.tokenFor(one, 'tracker')).reveal()).toBe('canary-1');
    expect((await tokens.tokenFor(one, 'push')).reveal()).toBe('canary-2');
    expect((await tokens.tokenFor(two, 'tracker')).reveal()).toBe('canary-3');
    expect(mints().map(({ path, body }) => [path, body])).toEqual([
      ['/app/installations/7/access_tokens', { repositories: ['one'], permissions: { metadata: 'read', issues: 'write', pull_requests: 'write' } }],
      ['/app/installations/7/access_tokens', { repositories: ['one'], permissions: { metadata: 'read', contents: 'write' } }],
      ['/app/installations/7/access_tokens', { repositories: ['two'], permissions: { metadata: 'read', issues: 'write', pull_requests: 'write' } }],
    ]);
    const [head, claims, signature] = mints()[0]!.authorization!.replace('Bearer ', '').split('.');
    expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(createPublicKey(publicKey), signature!, 'base64url')).toBe(true);
    const { iss, iat, exp } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<string, number>;
    expect(String(iss)).toBe('1');
    expect(exp! - iat!).toBeLessThanOrEqual(660);
  });

  it('are kept, shared by who asks at once, and made anew before their hour is over', async () => {
    await start();
    let now = 0;
    const tokens = tokensWith(() => now);
    const asked = await Promise.all([1, 2, 3].map(() => tokens.tokenFor(one, 'tracker')));
    expect(asked.map((token) => token.reveal())).toEqual(['canary-1', 'canary-1', 'canary-1']);
    now = 49 * minute;
    expect((await tokens.tokenFor(one, 'tracker')).reveal()).toBe('canary-1');
    now = 51 * minute;
    expect((await tokens.tokenFor(one, 'tracker')).reveal()).toBe('canary-2');
    expect(server.requests.filter(({ path }) => path.endsWith('/installation'))).toHaveLength(1);
  });

  it('are asked for again after a failure', async () => {
    let isDown = true;
    await start(({ path }) => (isDown && path.endsWith('/access_tokens') ? { status: 422, body: { message: 'The permissions requested are not granted to this installation.' } } : undefined));
    const tokens = tokensWith(() => 0);
    await expect(tokens.tokenFor(one, 'tracker')).rejects.toMatchObject({ code: 'CASC_GITHUB_INVALID', message: expect.stringContaining('not granted') });
    isDown = false;
    expect((await tokens.tokenFor(one, 'tracker')).reveal()).toBe('canary-1');
  });
});

describe('a tracker with an App', () => {
  it('writes with each repository\'s own token, as the App', async () => {
    await start();
    const tracker = new RestTracker(access());
    expect(await tracker.whoAmI()).toBe('cascade-bot[bot]');
    await tracker.updateIssue({ repository: one, number: 1 }, { title: 'x' });
    await tracker.updateIssue({ repository: two, number: 1 }, { title: 'x' });
    await tracker.updateIssue({ repository: one, number: 1 }, { title: 'y' });
    expect(server.requests.filter(({ method }) => method === 'PATCH').map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/repos/o/one/issues/1', 'Bearer canary-1'], ['/repos/o/two/issues/1', 'Bearer canary-2'], ['/repos/o/one/issues/1', 'Bearer canary-1'],
    ]);
  });

  it('goes on with a new token when the old one was revoked, once', async () => {
    await start(({ authorization, path }, minted) => (path.includes('/issues') && (authorization === 'Bearer canary-1' || minted > 2) ? { status: 401, body: { message: 'Bad credentials' } } : undefined));
    const tracker = new RestTracker(access());
    expect(await tracker.getIssue({ repository: one, number: 1 })).toMatchObject({ kind: 'issue' });
    expect(mints()).toHaveLength(2);
    await expect(tracker.getIssue({ repository: two, number: 1 })).rejects.toMatchObject({ code: 'CASC_GITHUB_UNAUTHORIZED' });
    expect(mints()).toHaveLength(4);
  });

  it('ends with its signal while the App\'s installation is asked for', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    await start(({ path }) => {
      if (!path.endsWith('/installation')) return undefined;
      resolve();
      return 'silence';
    });
    const controller = new AbortController();
    const listing = new RestTracker(access()).listIssues(one, {}, controller.signal);
    await asked;
    controller.abort();
    await expect(listing).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
  });

  it('says where the App is not installed, at once and without its key', async () => {
    await start(({ path }) => (path.endsWith('/installation') ? { status: 404, body: { message: 'Not Found' } } : undefined));
    const tracker = new RestTracker(access());
    const error: unknown = await tracker.listIssues(one, {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CASC_GITHUB_NOT_FOUND', message: expect.stringContaining('/repos/o/one/installation') });
    expect(server.requests).toHaveLength(1);
    expect(inspect(error, { depth: 12, showHidden: true })).not.toMatch(/BEGIN|eyJ/);
  });
});
