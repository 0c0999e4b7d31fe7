import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { docsSearch, gitReadFiles, gitReadTip, redisKeys, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { startService, type AccessScope, type RunningService } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { OnCommand } from '@cascade/streams';
import { untilTrue } from '@cascade/testing';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LATEST_PROTOCOL_VERSION, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { MAX_BODY_BYTES } from '../http/http-server.js';
import { ApiBench } from '../testing/api-bench.js';
import { contractProblems } from '../testing/contract-check.js';
import { PROBLEM_META } from './mcp-servers.js';

const SHA = 'a'.repeat(40);
const LONG = 'x'.repeat(30_000);

/** Stands where git-worker and docs-indexer stand. */
@Controller()
class StandIns {
  @OnCommand(gitReadFiles)
  async read({ paths }: RequestOf<typeof gitReadFiles>): Promise<ReplyOf<typeof gitReadFiles>> {
    const texts: Record<string, string> = { 'docs/prd.md': '# PRD', 'docs/long.txt': LONG, 'src/cart.js': 'export {};' };
    return {
      entries: Object.entries(texts).map(([path, text]) => ({ path, bytes: text.length })),
      files: paths.flatMap((path) => (texts[path] === undefined ? [] : [{ path, text: texts[path] }])),
      omitted: paths.flatMap((path) => (texts[path] === undefined ? [{ path, reason: 'missing' as const }] : [])),
    };
  }

  @OnCommand(gitReadTip)
  async tip(): Promise<ReplyOf<typeof gitReadTip>> {
    return { commit: SHA };
  }

  @OnCommand(docsSearch)
  async search({ query }: RequestOf<typeof docsSearch>): Promise<ReplyOf<typeof docsSearch>> {
    return { branch: 'main', indexed_commit: SHA, stale: false, partial: false, how: 'words', notices: [], hits: [{ id: 'x', kind: 'function', name: query, signature: 'tax()', summary: '', source: 'a.ts#L1-L2', score: 1 }] };
  }
}
@Module({ controllers: [StandIns] })
class StandInsModule {}

let bench: ApiBench;
let services: RunningService;
const clients: Client[] = [];

beforeAll(async () => {
  bench = await ApiBench.start();
  services = await startService({ name: 'stand-ins', module: StandInsModule, besideCascades: true }, bench.host, bench.logger);
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await services?.stop();
  await bench?.stop();
});

async function connected(scope: AccessScope): Promise<Client> {
  const client = new Client({ name: 'spec', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${bench.origin}/mcp`), { requestInit: { headers: { authorization: `Bearer ${bench.token(scope)}` } } }) as never);
  clients.push(client);
  await client.listTools(); // from now on it checks answers by the tools' schemas
  return client;
}

const call = async (client: Client, name: string, args: Record<string, unknown>, options = {}): Promise<CallToolResult> => await client.callTool({ name, arguments: args }, undefined, options) as CallToolResult;
const problemOf = ({ isError, _meta }: CallToolResult): unknown => (isError === true ? (_meta?.[PROBLEM_META] as { code: string } | undefined)?.code : 'no error');
const order = { request: 'Add codes', repository: '/srv/shop' };
const say = (id: string, text: string): Promise<unknown> => bench.redis.xadd(redisKeys.timeline(id), '*', 'at', '2026-01-01T00:00:00.000Z', 'service', 'agent-00-stories', 'line', JSON.stringify({ kind: 'tier', text }));

describe('tools', () => {
  it('are told with their schemas and hints, to the newest revision of the protocol', async () => {
    const client = await connected('read');
    expect([client.getServerVersion()?.name, client.getServerCapabilities()]).toEqual(['cascade', { tools: {}, resources: {} }]);
    expect((client as unknown as { transport: { protocolVersion: string } }).transport.protocolVersion).toBe(LATEST_PROTOCOL_VERSION);
    const { tools } = await client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.idempotentHint])).toEqual([
      ['run_start', false, true], ['run_status', true, true], ['run_cancel', false, true], ['artefact_get', true, true], ['docs_search', true, true], ['input_answer', false, true],
    ]);
    for (const { inputSchema, outputSchema } of tools) expect([inputSchema.type, outputSchema?.type, inputSchema['additionalProperties']]).toEqual(['object', 'object', false]);
  });

  it('start one cascade for a key, and give it back as text and as data', async () => {
    const client = await connected('run');
    const before = await bench.requested();
    const first = await call(client, 'run_start', { ...order, key: 'order-1' });
    const again = await call(client, 'run_start', { ...order, key: 'order-1' });
    expect([again.structuredContent, await bench.requested()]).toEqual([first.structuredContent, before + 1]);
    expect(JSON.parse((first.content[0] as { text: string }).text)).toEqual(first.structuredContent);
    expect(problemOf(await call(client, 'run_start', { ...order, request: 'Other', key: 'order-1' }))).toBe('CASC_IDEMPOTENCY_MISMATCH');
    expect((await call(client, 'run_status', { id: (first.structuredContent as { id: string }).id })).structuredContent).toMatchObject({ state: 'running', ended: false, lines: [], taskCounts: {} });
  });

  it('read files by parts, lists of them, and the documentation graph', async () => {
    const client = await connected('read');
    await bench.accept('written');
    expect(problemOf(await call(client, 'artefact_get', { id: 'written' }))).toBe('CASC_NOTHING_TO_SHOW');
    await bench.redis.hset(redisKeys.journal('written'), 'effect/git.repository//srv/shop', JSON.stringify({ value: { repositoryId: 'shop-1', baseSha: SHA } }), 'stories/commit documents', JSON.stringify({ value: { sha: SHA } }));
    expect((await call(client, 'artefact_get', { id: 'written', under: 'docs' })).structuredContent).toEqual({ commit: SHA, more: false, files: [{ path: 'docs/prd.md', bytes: 5 }, { path: 'docs/long.txt', bytes: LONG.length }] });
    let text = '';
    for (let next: number | undefined = 0; next !== undefined;) {
      const part = (await call(client, 'artefact_get', { id: 'written', path: 'docs/long.txt', offset: next, limit: 13_000 })).structuredContent as { text: string; next?: number };
      text += part.text;
      next = part.next;
    }
    expect(text).toBe(LONG);
    expect((await client.readResource({ uri: 'cascade://written/docs/prd.md' })).contents).toEqual([{ uri: 'cascade://written/docs/prd.md', mimeType: 'text/markdown', text: '# PRD' }]);
    expect((await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate)).toEqual(['cascade://{id}/{+path}']);
    expect((await call(client, 'docs_search', { repository: '/srv/shop', query: 'tax' })).structuredContent).toMatchObject({ hits: [{ name: 'tax' }] });
  });

  it('answer the question that a cascade waits with, and cancel it', async () => {
    const client = await connected('run');
    await bench.accept('asks');
    expect(problemOf(await call(client, 'input_answer', { id: 'asks', name: 'approve/merge', answer: 'yes' }))).toBe('CASC_QUESTION_UNKNOWN');
    expect((await call(client, 'run_cancel', { id: 'asks', reason: 'enough' })).structuredContent).toEqual({ id: 'asks', result: 'ended', state: 'cancelled' });
    expect((await call(client, 'run_cancel', { id: 'asks' })).structuredContent).toMatchObject({ result: 'already-ended' });
    expect((await call(client, 'run_status', { id: 'asks', detail: 'full', waitSeconds: 20 })).structuredContent).toMatchObject({ ended: true, problem: { message: 'enough' }, tasks: [], stories: [] });
  });
});

describe('run_status waits', () => {
  it('for the next change, from where the answer before ended', async () => {
    const client = await connected('read');
    await bench.accept('followed');
    for (let index = 0; index < 12; index += 1) await say('followed', `line ${index}`);
    const first = (await call(client, 'run_status', { id: 'followed' })).structuredContent as { cursor: string; lines: { line: { text: string } }[] };
    expect(first.lines.map(({ line }) => line.text)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 2}`));
    const next = call(client, 'run_status', { id: 'followed', after: first.cursor, waitSeconds: 25 });
    await say('followed', 'news');
    const second = (await next).structuredContent as { cursor: string; lines: { line: { text: string } }[] };
    expect(second.lines.map(({ line }) => line.text)).toEqual(['news']);
    // A change of the state between two calls is not waited for.
    await bench.redis.hset(redisKeys.cascade('followed'), 'tier', '1');
    expect((await call(client, 'run_status', { id: 'followed', after: second.cursor, waitSeconds: 25 })).structuredContent).toMatchObject({ tier: 1, lines: [] });
  });

  it('for the end, with progress for who asks for it', async () => {
    const client = await connected('read');
    await bench.accept('ends');
    const told: (string | undefined)[] = [];
    const { cursor } = (await call(client, 'run_status', { id: 'ends' })).structuredContent as { cursor: string };
    const status = call(client, 'run_status', { id: 'ends', after: cursor, waitSeconds: 25, until: 'end' }, { onprogress: ({ message }: { message?: string }) => told.push(message) });
    await say('ends', 'one');
    await untilTrue(() => told.length === 1, 'the first line');
    await say('ends', 'two');
    await untilTrue(() => told.length === 2, 'the second line');
    await new Cascades(bench.redis).cancel('ends', 'enough');
    expect((await status).structuredContent).toMatchObject({ state: 'cancelled', ended: true });
    expect(told).toEqual(['one', 'two']);
  });
});

describe('who may do less', () => {
  it('is refused by the tool, not by the connection', async () => {
    const client = await connected('read');
    for (const [name, args] of [['run_start', { ...order, key: 'k' }], ['run_cancel', { id: 'ends' }], ['input_answer', { id: 'ends', name: 'x', answer: 'y' }]] as const) {
      expect([name, problemOf(await call(client, name, args))]).toEqual([name, 'CASC_SCOPE_NEEDED']);
    }
  });

  it('and who has no token, or comes from another site, is let in nowhere', async () => {
    const without = new Client({ name: 'spec', version: '1' });
    await expect(without.connect(new StreamableHTTPClientTransport(new URL(`${bench.origin}/mcp`)) as never)).rejects.toThrow(/CASC_TOKEN_NEEDED/);
    const open = await ApiBench.start({ needsToken: false });
    try {
      const elsewhere = await open.ask('POST', '/mcp', { scope: 'none', body: ping, headers: { origin: 'https://evil.example' } });
      expect([elsewhere.status, (await open.ask('POST', '/mcp', { scope: 'none', body: ping })).status]).toEqual([403, 200]);
    } finally {
      await open.stop();
    }
  });
});

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const toolCall = (name: unknown, args: unknown): object => ({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });

describe('hostile input', () => {
  it.each<[string, object]>([
    ['wrong types', { id: 7, waitSeconds: 'x' }], ['an unknown argument', { id: 'ends', admin: true }], ['too long a wait', { id: 'ends', waitSeconds: 26 }], ['a wrong id', { id: '../../x' }], ['a wrong cursor', { id: 'ends', after: '0 STREAMS x' }], ['no arguments', {}],
  ])('%s: the model is told what is wrong', async (_, args) => {
    expect(problemOf(await call(await connected('read'), 'run_status', args as Record<string, unknown>))).toBe('CASC_REQUEST_INVALID');
  });

  it('paths that lead out of a repository', async () => {
    const client = await connected('read');
    for (const path of ['../x', '/etc/passwd', 'a/../b', '.git/config', 'C:\\x']) {
      expect(problemOf(await call(client, 'artefact_get', { id: 'written', path }))).toBe('CASC_REQUEST_INVALID');
    }
    for (const uri of ['cascade://written/..%2f..%2fetc', 'cascade://written/', 'file:///etc/passwd', 'cascade:///x', `cascade://written/${'a/'.repeat(3_000)}`]) await expect(client.readResource({ uri })).rejects.toThrow('CASC_REQUEST_INVALID');
  });

  it('unknown tools and methods are errors of the protocol', async () => {
    const client = await connected('read');
    await expect(client.callTool({ name: 'rm_rf' })).rejects.toThrow('There is no such tool');
    await expect(client.callTool({ name: '__proto__' })).rejects.toThrow('There is no such tool');
    for (const message of [{ jsonrpc: '2.0', id: 1, method: 'nothing/such' }, toolCall(7, {}), toolCall('run_status', 'x'), { jsonrpc: '2.0', id: 1, method: 'prompts/list' }]) {
      const response = await bench.ask('POST', '/mcp', { body: message });
      expect([response.status, await contractProblems('POST', '/mcp', response)]).toEqual([200, []]);
      expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
    }
  });

  it.each<[string, unknown, Record<string, string>, number, string]>([
    ['a batch', [ping, ping], {}, 400, 'CASC_REQUEST_INVALID'], ['no JSON-RPC', { method: 'ping' }, {}, 400, 'CASC_REQUEST_INVALID'], ['half a message', { jsonrpc: '2.0', params: {} }, {}, 400, 'CASC_REQUEST_INVALID'], ['no JSON', '{', {}, 400, 'CASC_REQUEST_INVALID'],
    ['too much', JSON.stringify(toolCall('run_start', { request: 'x'.repeat(MAX_BODY_BYTES) })), {}, 413, 'CASC_REQUEST_TOO_LARGE'],
    ['an unknown session', ping, { 'mcp-session-id': 'x' }, 404, 'CASC_SESSION_UNKNOWN'], ['another protocol', ping, { 'mcp-protocol-version': '1999-01-01' }, 400, 'CASC_REQUEST_INVALID'],
  ])('%s is refused', async (_, body, headers, status, code) => {
    const response = await bench.ask('POST', '/mcp', { body, headers });
    expect([response.status, (await response.clone().json() as { code: string }).code, await contractProblems('POST', '/mcp', response)]).toEqual([status, code, []]);
  });

  it('there is nothing to listen to, and no session to end', async () => {
    for (const method of ['GET', 'DELETE']) {
      const response = await bench.ask(method, '/mcp', { headers: { accept: 'text/event-stream' } });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
    const notified = await bench.ask('POST', '/mcp', { body: { jsonrpc: '2.0', method: 'notifications/initialized' } });
    expect([notified.status, await notified.text()]).toEqual([202, '']);
  });

  it('a defect says nothing outside', async () => {
    await bench.redis.hset('cascade:broken', { state: 'c4n4ry' });
    const result = await call(await connected('read'), 'run_status', { id: 'broken' });
    expect([problemOf(result), JSON.stringify(result).includes('c4n4ry')]).toEqual(['CASC_DEFECT', false]);
  });
});

it('a bound of calls that wait, given back when their clients go', async () => {
  const small = await ApiBench.start({ streams: 4 });
  try {
    await small.accept('waits');
    const wait = (scope: AccessScope, signal?: AbortSignal): Promise<Response> => small.ask('POST', '/mcp', { scope, body: toolCall('run_status', { id: 'waits', waitSeconds: 25 }), ...(signal === undefined ? {} : { signal }) });
    const gone = new AbortController();
    const first = wait('read', gone.signal).catch(() => undefined);
    const refused: Response[] = [];
    await untilTrue(async () => refused.push(await small.ask('POST', '/mcp', { scope: 'read', body: ping })) > 0 && refused.at(-1)?.status === 503, 'the place to be taken');
    expect(await refused.at(-1)?.json()).toMatchObject({ code: 'CASC_TOO_MANY_STREAMS' });
    gone.abort();
    await first;
    await untilTrue(async () => (await small.ask('POST', '/mcp', { scope: 'read', body: ping })).status === 200, 'the place to be free');
  } finally {
    await small.stop();
  }
});
