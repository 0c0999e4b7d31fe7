import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isCascadeError, Secret, type CascadeError } from '@cascade/contracts';
import { failOnLeaks } from '@cascade/testing';
import { GitHubAccess, type AccessOptions } from './github-access.js';
import { RestTracker } from './rest-tracker.js';
import { ScriptedGitHub, scriptedIssue, type Reaction, type ScriptedRequest } from './testing/scripted-github.js';

failOnLeaks();

const repository = { owner: 'o', name: 'r' };
const first = { repository, number: 1 };
const fields = { title: 't', body: 'b', labels: [], assignees: [], milestone: undefined };

let server: ScriptedGitHub;
afterEach(() => server.close());

async function trackerAt(react: (request: ScriptedRequest, number: number) => Reaction, options: AccessOptions = {}): Promise<RestTracker> {
  server = await new ScriptedGitHub(react).start();
  return new RestTracker(new GitHubAccess({ api: server.url, credentials: { kind: 'token', token: new Secret('canary-token') }, hasLimits: false }, { retryDelayMs: 1, ...options }));
}

async function refusalOf(work: Promise<unknown>): Promise<CascadeError> {
  try {
    await work;
  } catch (error) {
    if (isCascadeError(error)) return error as CascadeError;
    throw error;
  }
  throw new Error('it succeeded');
}

const sent = (): string[] => server.requests.map(({ method, path }) => `${method} ${path}`);

describe('what is repeated', () => {
  it.each<[string, Reaction]>([['a lost answer', 'cut'], ['a failure', { status: 502, body: '<html>' }]])('never is a creation, after %s', async (_, reaction) => {
    const tracker = await trackerAt(() => reaction);
    for (const create of [() => tracker.createIssue(repository, fields), () => tracker.createComment(first, 'x'), () => tracker.addSubIssue(first, { id: 5, number: 2 }), () => tracker.createPullRequest(repository, { title: 't', body: 'b', head: 'h', base: 'main', isDraft: true })]) {
      expect(await refusalOf(create())).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE', kind: 'retryable' });
    }
    expect(sent()).toEqual(['POST /repos/o/r/issues', 'POST /repos/o/r/issues/1/comments', 'POST /repos/o/r/issues/1/sub_issues', 'POST /repos/o/r/pulls']);
  });

  it('is a read, and a write that says how things are to be', async () => {
    const tracker = await trackerAt((_, number) => (number % 3 === 0 ? 'cut' : number % 3 === 1 ? { status: 503 } : { body: scriptedIssue(1) }));
    expect(await tracker.getIssue(first)).toMatchObject({ kind: 'issue' });
    await tracker.updateIssue(first, { title: 'a title' });
    expect(sent()).toEqual([...Array<string>(3).fill('GET /repos/o/r/issues/1'), ...Array<string>(3).fill('PATCH /repos/o/r/issues/1')]);
  });

  it('ends after four times', async () => {
    const tracker = await trackerAt(() => ({ status: 500, body: { message: 'Server Error' } }));
    expect(await refusalOf(tracker.getIssue(first))).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE', message: expect.stringContaining('GET /repos/o/r/issues/1: GitHub failed (500): Server Error') });
    expect(server.requests).toHaveLength(4);
  });
});

describe('limits', () => {
  const limited = (headers: Record<string, string>, status = 403, message = 'You have exceeded a secondary rate limit.'): Reaction => ({ status, headers, body: { message } });

  it.each<[string, () => Reaction, number]>([
    ['Retry-After', () => limited({ 'retry-after': '7' }), 7_000],
    ['429 alone', () => limited({}, 429, 'Too many'), 60_000],
    ['a secondary limit without a time', () => limited({}), 60_000],
    ['an hour\'s budget used up', () => limited({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 100) }, 403, 'API rate limit exceeded'), 101_000],
  ])('are waited for: %s', async (_, reaction, expected) => {
    const waits: number[] = [];
    const tracker = await trackerAt((_request, number) => (number < 2 ? reaction() : { body: scriptedIssue(1) }), { pause: async (ms) => { waits.push(ms); } });
    // Refused is not created: a creation waits, too.
    expect(await tracker.createIssue(repository, fields)).toMatchObject({ number: 1 });
    expect(waits).toHaveLength(2);
    expect(server.requests).toHaveLength(3);
    for (const wait of waits) expect(Math.abs(wait - expected)).toBeLessThanOrEqual(expected > 100_000 ? 5_000 : 0);
  });

  it('are not knocked at while they last: a read waits as long', async () => {
    const waits: number[] = [];
    const tracker = await trackerAt((_request, number) => (number === 0 ? limited({ 'retry-after': '7' }, 429, 'Too many') : { body: scriptedIssue(1) }), { pause: async (ms) => { waits.push(ms); } });
    expect(await tracker.getIssue(first)).toMatchObject({ kind: 'issue' });
    expect([waits, server.requests.length]).toEqual([[7_000], 2]);
  });

  it('are told when they last too long, or do not go away', async () => {
    const tracker = await trackerAt((request) => limited({ 'retry-after': request.method === 'GET' ? '3600' : '1' }), { pause: async () => undefined });
    expect(await refusalOf(tracker.getIssue(first))).toMatchObject({ code: 'CASC_GITHUB_LIMITED', kind: 'retryable', retryAfterMs: 3_600_000 });
    expect(server.requests).toHaveLength(1);
    expect(await refusalOf(tracker.updateIssue(first, { title: 'x' }))).toMatchObject({ code: 'CASC_GITHUB_LIMITED' });
    expect(server.requests).toHaveLength(1 + 6);
  });

  it('are waited for no longer than the caller does', async () => {
    const controller = new AbortController();
    const tracker = await trackerAt(() => {
      queueMicrotask(() => queueMicrotask(() => controller.abort()));
      return limited({ 'retry-after': '600' });
    });
    expect(await refusalOf(tracker.getIssue(first, { signal: controller.signal }))).toMatchObject({ code: 'CASC_CANCELLED' });
  });
});

describe('answers', () => {
  it('have a time limit', async () => {
    const tracker = await trackerAt(() => 'silence', { bounds: { timeoutMs: 30, maxBytes: 1_000 } });
    expect(await refusalOf(tracker.getIssue(first))).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE', message: expect.stringContaining('30 ms') });
    expect(await refusalOf(tracker.createIssue(repository, fields))).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE' });
  });

  it('have a size', async () => {
    const tracker = await trackerAt(() => ({ body: scriptedIssue(1, { body: 'x'.repeat(2_000) }) }), { bounds: { timeoutMs: 10_000, maxBytes: 2_000 } });
    expect(await refusalOf(tracker.getIssue(first))).toMatchObject({ code: 'CASC_GITHUB_ANSWER_TOO_LARGE', kind: 'terminal' });
  });

  it.each<[string, Reaction]>([
    ['a page of a proxy', { body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['half a document', { body: '{"id": 1' }],
    ['a number beyond all integers', { body: JSON.stringify(scriptedIssue(1)).replace('"id":1001', '"id":123456789012345678901') }],
    ['a title that is none', { body: scriptedIssue(1, { title: { toString: 'x' } }) }],
    ['a title without end', { body: scriptedIssue(1, { title: 'x'.repeat(400_000) }) }],
    ['labels without end', { body: scriptedIssue(1, { labels: Array(2_000).fill('x') }) }],
  ])('are refused when they are %s', async (_, reaction) => {
    const tracker = await trackerAt(() => reaction);
    const error = await refusalOf(tracker.getIssue(first));
    expect(error).toMatchObject({ code: 'CASC_GITHUB_INVALID_ANSWER', kind: 'retryable' });
    expect(error.message.length).toBeLessThan(500);
  });

  it('may be of what GitHub adds one day', async () => {
    const tracker = await trackerAt(() => ({ body: scriptedIssue(1, { state_reason: 'postponed', anything: [1], user: null, body: null, assignees: null, milestone: { number: 3, title: 'v1' }, labels: ['plain', { name: null }] }) }));
    const look = await tracker.getIssue(first);
    expect(look).toMatchObject({ kind: 'issue', issue: { author: 'ghost', body: '', assignees: [], milestone: 3, labels: ['plain'] } });
    expect(look).not.toHaveProperty('issue.stateReason');
  });

  it('say where an issue went, and the way there stays at the same server', async () => {
    const tracker = await trackerAt(({ path }) => {
      if (path === '/repos/o/r/issues/1') return { status: 301, headers: { location: '/repositories/7/issues/5' }, body: { message: 'Moved Permanently' } };
      if (path === '/repos/o/r/issues/2') return { status: 301, headers: { location: 'http://127.0.0.2:1/repositories/7/issues/5' } };
      return { body: scriptedIssue(5, { repository_url: `${server.url}/repos/other/place` }) };
    });
    expect(await tracker.getIssue(first)).toEqual({ kind: 'moved', to: { repository: { owner: 'other', name: 'place' }, number: 5 } });
    expect(await refusalOf(tracker.getIssue({ repository, number: 2 }))).toMatchObject({ code: 'CASC_GITHUB_INVALID_ANSWER' });
  });

  it('of a renamed repository are those to the same request', async () => {
    const tracker = await trackerAt(({ path }) => (path.startsWith('/repos/') ? { status: 307, headers: { location: '/repositories/7/issues' } } : { status: 201, body: scriptedIssue(9) }));
    expect(await tracker.createIssue(repository, fields)).toMatchObject({ number: 9 });
    expect(server.requests).toMatchObject([{ method: 'POST' }, { method: 'POST', path: '/repositories/7/issues', body: { title: 't' } }]);
  });

  it('have no more than ten pages', async () => {
    const tracker = await trackerAt(() => ({ body: [], headers: { link: '<http://x/>; rel="next"' } }));
    expect(await tracker.listComments(first)).toEqual([]);
    expect(server.requests).toHaveLength(10);
  });
});

describe('errors', () => {
  it.each<[number, Record<string, string>, string, string, string]>([
    [401, {}, 'CASC_GITHUB_UNAUTHORIZED', 'terminal', 'CASCADE_GITHUB_TOKEN'],
    [403, { 'x-accepted-github-permissions': 'issues=write,metadata=read; pull_requests=write' }, 'CASC_GITHUB_FORBIDDEN', 'terminal', 'issues: write and metadata: read, or pull_requests: write'],
    [403, { 'x-accepted-oauth-scopes': 'repo' }, 'CASC_GITHUB_FORBIDDEN', 'terminal', 'scopes repo'],
    [403, { 'x-ratelimit-remaining': '10' }, 'CASC_GITHUB_FORBIDDEN', 'terminal', 'archived'],
    [404, {}, 'CASC_GITHUB_NOT_FOUND', 'terminal', 'may not read'],
    [410, {}, 'CASC_GITHUB_GONE', 'terminal', 'deleted'],
    [422, {}, 'CASC_GITHUB_INVALID', 'terminal', 'field'],
    [409, {}, 'CASC_GITHUB_UNAVAILABLE', 'retryable', 'again'],
  ])('of status %d %j are %s', async (status, headers, code, kind, advice) => {
    const tracker = await trackerAt(() => ({ status, headers, body: { message: 'Told canary-token', errors: [{ field: 'title', code: 'missing' }] } }));
    const error = await refusalOf(tracker.updateIssue(first, { title: 'x' }));
    expect(error).toMatchObject({ code, kind, advice: expect.stringContaining(advice), message: expect.stringContaining('"field":"title"') });
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error.toProblem())).not.toContain('canary-token');
  });

  it.each<[string, Reaction]>([['refused', { status: 422, body: 'canary-token' }], ['cut', 'cut'], ['nonsense', { body: 'canary-token' }]])('hold no credentials: %s', async (_, reaction) => {
    const tracker = await trackerAt(() => reaction);
    const errors = [await refusalOf(tracker.createIssue(repository, fields)), await refusalOf(tracker.updatePullRequest(repository, 1, { isDraft: true }))];
    expect(inspect(errors, { depth: 12, showHidden: true })).not.toContain('canary-token');
    expect(server.requests[0]!.authorization).toBe('Bearer canary-token');
  });

  it('of GraphQL are those of REST', async () => {
    const pull = { number: 1, node_id: 'PR_1', state: 'open', title: 't', body: null, draft: false, merged_at: null, html_url: 'u', head: { ref: 'h' }, base: { ref: 'main' } };
    const tracker = await trackerAt(({ path }) => ({ body: path === '/graphql' ? { data: null, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by canary-token' }] } : pull }));
    const error = await refusalOf(tracker.updatePullRequest(repository, 1, { isDraft: true }));
    expect(error).toMatchObject({ code: 'CASC_GITHUB_FORBIDDEN', message: expect.stringContaining('not accessible') });
    expect(inspect(error, { depth: 12 })).not.toContain('canary-token');
  });
});

it('a sub-issue that is there already is not an error, one of another parent is', async () => {
  const tracker = await trackerAt(({ method }) => (method === 'POST' ? { status: 422, body: { message: 'Issue may not contain duplicate sub-issues' } } : { body: [scriptedIssue(2)] }));
  await tracker.addSubIssue(first, { id: 1_002, number: 2 });
  expect(await refusalOf(tracker.addSubIssue(first, { id: 1_003, number: 3 }))).toMatchObject({ code: 'CASC_GITHUB_INVALID' });
});

it('a label that somebody else made meanwhile is there', async () => {
  const tracker = await trackerAt(({ method }) => (method === 'POST' ? { status: 422, body: { message: 'Validation Failed', errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }] } } : { body: [] }));
  await tracker.ensureLabels(repository, [{ name: 'cascade', color: 'abcdef', description: '' }]);
  expect(sent()).toEqual(['GET /repos/o/r/labels?per_page=100&page=1', 'POST /repos/o/r/labels']);
});

it('names cannot leave their place in an address', async () => {
  const tracker = await trackerAt(() => ({ status: 404, body: {} }));
  await refusalOf(tracker.listIssues({ owner: '../user', name: 'a?b=c#d' }, {}));
  expect(server.requests[0]!.path).toMatch(/^\/repos\/\.\.%2Fuser\/a%3Fb%3Dc%23d\/issues\?/);
});
