import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@cascade/contracts';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { labelDefinitions } from '../label-definitions.js';
import { GitHubAccess } from '../tracker/github-access.js';
import type { GitHubCredentials } from '../tracker/github-config.js';
import { RestTracker } from '../tracker/rest-tracker.js';
import { hookEvents } from './delivery.js';
import { setUpRepository, type SetUp } from './set-up.js';

const secret = new Secret('webhook-canary');
const repository = { owner: 'acme', name: 'shop' };
const url = 'http://127.0.0.1:9/webhooks/github';

describe('setting a repository up', () => {
  let github: FakeGitHub;
  beforeEach(async () => {
    github = await startFakeGitHub({ limits: noLimits });
    github.addUser('acme');
    github.addUser('ann');
    github.addRepository('acme/shop', { collaborators: { ann: 'write' } });
  });
  afterEach(async () => { await github.close(); });

  const setUp = (credentials: GitHubCredentials, address = repository, of = secret): Promise<SetUp> => {
    const access = new GitHubAccess({ api: github.url, credentials, hasLimits: false }, { retryDelayMs: 1 });
    return setUpRepository(address, { access, tracker: new RestTracker(access), url, secret: of, labels: labelDefinitions('cascade') });
  };
  const tokenOf = (added: Parameters<FakeGitHub['addToken']>[0]): GitHubCredentials => ({ kind: 'token', token: new Secret(github.addToken(added)) });
  const hooks = () => [...github.world.knownRepository('acme/shop').hooks.values()];

  it('makes hook and labels, and the second time gives the hook today\'s secret and events', async () => {
    const owner = tokenOf({ login: 'acme', scopes: ['repo', 'admin:repo_hook'] });
    const first = await setUp(owner);
    expect(first).toEqual({ repository: 'acme/shop', hook: { id: expect.any(Number), isNew: true }, hasLabels: true, findings: [] });
    expect(hooks()).toMatchObject([{ url, secret: 'webhook-canary', contentType: 'json', events: [...hookEvents], isActive: true }]);
    const [hook] = hooks();
    [hook!.isActive, hook!.events] = [false, ['push']];
    expect(await setUp(owner, repository, new Secret('rotated'))).toMatchObject({ hook: { id: first.hook?.id, isNew: false }, findings: [] });
    expect(hooks()).toMatchObject([{ url, secret: 'rotated', events: [...hookEvents], isActive: true }]);
  });

  it('names what a token may not do, and does the rest', async () => {
    const { findings, hook, hasLabels } = await setUp(tokenOf({ login: 'acme', permissions: { metadata: 'read', issues: 'write' } }));
    expect([hasLabels, hook]).toEqual([true, undefined]);
    expect(findings).toEqual([expect.stringMatching(/hooks.*permission (repository_hooks|webhooks): write/)]);
  });

  it('says whose role is too small, and what an unknown repository is', async () => {
    const { findings, hook, hasLabels } = await setUp(tokenOf({ login: 'ann' }));
    expect([hasLabels, hook]).toEqual([true, undefined]);
    expect(findings[0]).toMatch(/does not administer/);
    expect((await setUp(tokenOf({ login: 'ann' }), { owner: 'acme', name: 'none' })).findings).toEqual([expect.stringContaining('404')]);
  });

  it('names every permission that an App lacks at once', async () => {
    const { id, privateKey } = github.addApp({ slug: 'cascade', owner: 'acme', permissions: { metadata: 'read', issues: 'read' } });
    const { findings } = await setUp({ kind: 'app', appId: String(id), privateKey: new Secret(privateKey) });
    expect(findings.slice(0, 4)).toEqual(['issues: write', 'pull_requests: write', 'contents: write', 'repository_hooks: write'].map((name) => `The App's installation lacks the permission ${name}.`));
  });

  it('tells nobody the secret or the token', async () => {
    const token = tokenOf({ login: 'ann' });
    const told = JSON.stringify([await setUp(token), await setUp({ kind: 'token', token: new Secret('ghp_canary') }).catch((error: unknown) => [String(error), error])]);
    expect(told).not.toMatch(/webhook-canary|ghp_canary/);
  });
});
