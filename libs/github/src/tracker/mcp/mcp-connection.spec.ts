import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { Secret, type CascadeError } from '@cascade/contracts';
import { failOnLeaks, untilTrue } from '@cascade/testing';
import type { CreationBudget } from '../creation-budget.js';
import { startMcpHttp, type McpHttp } from '../testing/mcp-http.js';
import { fakeMcpCommand } from '../testing/mcp-world.js';
import { McpConnection, type McpConnectionOptions } from './mcp-connection.js';
import { McpTracker } from './mcp-tracker.js';

failOnLeaks();

type Tools = Readonly<Record<string, () => CallToolResult | Promise<CallToolResult>>>;

const repository = { owner: 'o', name: 'r' };
const first = { repository, number: 1 };
const fields = { title: 't', body: 'b', labels: [], assignees: [], milestone: undefined };
const says = (text: string, isError = false): CallToolResult => ({ content: [{ type: 'text', text }], isError });
const me = { get_me: () => says('{"login":"octocat"}') };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

/** A server that has these tools, and says these things. */
function scripted(tools: Tools): Promise<McpHttp> {
  return startMcpHttp(() => {
    const server = new Server({ name: 'scripted', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => tools[params.name]!());
    return server;
  });
}

async function trackerOf(tools: Tools, options: Partial<McpConnectionOptions> = {}): Promise<McpTracker> {
  const http = await scripted({ ...me, ...tools });
  const connection = new McpConnection({ server: { kind: 'url', url: http.url }, token: new Secret('canary-token'), web: 'https://github.com', installation: 'tests', ...options });
  opened.push(http, connection);
  return await McpTracker.open(connection);
}

const refusalOf = async (work: Promise<unknown>): Promise<CascadeError> => await work.then(() => { throw new TypeError('it succeeded'); }, (error: unknown) => error as CascadeError);

describe('a tracker over MCP', () => {
  it('has what the server has tools for, and names a tool that is missing', async () => {
    const tracker = await trackerOf({ list_label: () => says('{"labels":[]}') });
    expect(tracker.capabilities).toEqual({ exact: false, etags: false, commentEdits: false, history: false, subIssues: false, labels: false, permissions: false, pullRequests: false });
    expect(await refusalOf(tracker.createIssue(repository, fields))).toMatchObject({ code: 'CASC_GITHUB_MCP_TOOL_MISSING', kind: 'terminal', message: expect.stringContaining('issue_write'), advice: expect.stringContaining('toolsets') });
    expect(await refusalOf(tracker.ensureLabels(repository, [{ name: 'x', color: 'abcdef', description: '' }]))).toMatchObject({ code: 'CASC_GITHUB_MCP_TOOL_MISSING' });
    expect(await refusalOf(tracker.updateComment())).toMatchObject({ code: 'CASC_GITHUB_MCP_UNSUPPORTED', kind: 'terminal' });
  });

  it.each<[string, CallToolResult]>([
    ['no JSON', says('I have created the issue for you!')],
    ['JSON of something else', says('{"id":5,"url":["x"]}')],
    ['an address that is no issue\'s', says('{"id":"5","url":"https://github.com/o/r/wiki"}')],
    ['an id that is none', says('{"id":"5; DROP","url":"https://github.com/o/r/issues/4"}')],
    ['nothing', { content: [] }],
    ['a picture', { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }],
  ])('refuses %s for an answer', async (_, answer) => {
    const tracker = await trackerOf({ issue_write: () => answer });
    expect(await refusalOf(tracker.createIssue(repository, fields))).toMatchObject({ code: 'CASC_GITHUB_INVALID_ANSWER', kind: 'retryable' });
  });

  it.each([
    ['failed to create issue: POST https://api.github.com/repos/o/r/issues: 422 Validation Failed []', 'CASC_GITHUB_INVALID', 'terminal'],
    ['failed to create issue: POST https://api.github.com/repos/o/r/issues: 403 Resource not accessible by personal access token []', 'CASC_GITHUB_FORBIDDEN', 'terminal'],
    ['failed to create issue: POST https://api.github.com/repos/o/r/issues: 401 Bad credentials canary-token []', 'CASC_GITHUB_UNAUTHORIZED', 'terminal'],
    ['failed to create issue: non-200 OK status code: 502 Bad Gateway body: ""', 'CASC_GITHUB_UNAVAILABLE', 'retryable'],
    ['failed to list issues: Could not resolve to a Repository with the name \'o/r\'.', 'CASC_GITHUB_NOT_FOUND', 'terminal'],
    ['failed to create issue: Post "http://127.0.0.1:80404/": dial tcp: connection refused', 'CASC_GITHUB_UNAVAILABLE', 'retryable'],
  ])('understands "%s"', async (said, code, kind) => {
    const tracker = await trackerOf({ issue_write: () => says(said, true) });
    const error = await refusalOf(tracker.createIssue(repository, fields));
    expect(error).toMatchObject({ code, kind });
    expect(inspect(error, { depth: 9 })).not.toContain('canary-token');
  });

  it('waits for limits, and takes from the budget what it creates', async () => {
    const waits: number[] = [];
    const taken: string[] = [];
    const budget: CreationBudget = { take: async (installation) => { taken.push(installation); }, timeFor: async () => 0 };
    const answers = ['failed: GitHub secondary rate limit exceeded. Retry after 1m30s.', 'failed: GitHub API rate limit exceeded. Wait before retrying.'];
    const tracker = await trackerOf({ issue_write: () => {
      const said = answers.shift();
      return said === undefined ? says('{"id":"5","url":"https://github.com/o/r/issues/4"}') : says(said, true);
    } }, { budget, pause: async (ms) => { waits.push(ms); } });
    expect(await tracker.createIssue(repository, fields)).toMatchObject({ number: 4, id: 5, author: 'octocat', ...fields });
    expect(waits).toEqual([90_000, 60_000]);
    expect(taken).toEqual(['tests', 'tests', 'tests']);
  });

  it('ends with its signal, and after a time', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const tracker = await trackerOf({ issue_read: () => {
      resolve();
      return new Promise<CallToolResult>(() => undefined);
    } }, { timeoutMs: 3_000 });
    const controller = new AbortController();
    const reading = refusalOf(tracker.getIssue(first, { signal: controller.signal }));
    await asked;
    controller.abort();
    expect(await reading).toMatchObject({ code: 'CASC_CANCELLED' });
    expect(await refusalOf(tracker.getIssue(first))).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE', kind: 'retryable' });
  });

  it('says that a server cannot be spoken to, without the token', async () => {
    for (const server of [{ kind: 'command', argv: ['/no/such/program'] }, { kind: 'command', argv: [process.execPath, '-e', 'process.exit(3)'] }, { kind: 'url', url: 'http://127.0.0.1:9/mcp' }] as const) {
      const connection = new McpConnection({ server, token: new Secret('canary-token'), web: 'https://github.com', installation: 'tests', timeoutMs: 20_000 });
      opened.push(connection);
      const error = await refusalOf(McpTracker.open(connection));
      expect(error).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE', kind: 'retryable', advice: expect.stringContaining('CASCADE_GITHUB_MCP') });
      expect(inspect(error, { depth: 9 })).not.toContain('canary-token');
    }
  });
});

describe('a server as a child process', () => {
  const children = (): number[] => readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter((word) => word !== '').map(Number);

  it('is told the token where nobody else sees it, is started again when it died, and ends at close', async () => {
    const before = new Set(children());
    const ours = (): number[] => children().filter((pid) => !before.has(pid));
    const connection = new McpConnection({ server: fakeMcpCommand, token: new Secret('canary-token'), web: 'http://127.0.0.1:9', installation: 'tests' });
    opened.push(connection);
    const tracker = await McpTracker.open(connection);
    expect(tracker.capabilities).toMatchObject({ labels: true, subIssues: true });
    const [pid] = ours();
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('canary-token');
    process.kill(pid!, 'SIGKILL');
    await untilTrue(() => ours().length === 0, 'the server to be gone');
    expect((await connection.tools()).has('issue_write')).toBe(true);
    expect(ours()).toHaveLength(1);
    await connection.close();
    expect(ours()).toEqual([]);
    expect(await refusalOf(tracker.whoAmI())).toMatchObject({ code: 'CASC_GITHUB_UNAVAILABLE', message: expect.stringContaining('closed') });
  });
});
