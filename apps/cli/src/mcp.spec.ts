import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort, priceList, RecordedModel, removeTemporaryFolders, startTestRedis, temporaryHome, type SampleRepository, type TestRedis } from '@cascade/testing';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

jest.setTimeout(600_000);

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let server: TestRedis;
let model: RecordedModel;
let repository: SampleRepository;
let env: Record<string, string>;
let origin: string;

beforeAll(async () => {
  [server, model] = await Promise.all([startTestRedis(), RecordedModel.start(priceList.recording)]);
  repository = priceList.repository();
  const [home, port] = [temporaryHome(), await freePort()];
  origin = `http://127.0.0.1:${port}`;
  const given = ['PATH', 'CASCADE_BWRAP', 'CASCADE_BWRAP_LIBRARIES'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  env = { ...Object.fromEntries(given), ...model.env, ...home, HOME: home.CASCADE_HOME, REDIS_URL: server.url, CASCADE_API_PORT: String(port) };
});
afterAll(async () => {
  await model?.close();
  await server?.stop();
  removeTemporaryFolders();
});

/** Everything that is no message of the protocol. */
const noise: string[] = [];

async function onStdio(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Client> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [main, 'mcp', ...args], env: { ...env, ...more }, stderr: 'pipe' });
  transport.onerror = (error) => noise.push(error.message);
  const client = new Client({ name: 'spec', version: '1' });
  await client.connect(transport as never);
  await client.listTools();
  return client;
}

interface Status { state: string; ended: boolean; cursor: string; gate: string; result: { branch: string }; taskCounts: Record<string, number> }

async function followed(client: Client, id: string): Promise<{ status: Status; told: string[] }> {
  const told: string[] = [];
  let status: Status | undefined;
  while (status?.ended !== true) {
    const after = status === undefined ? {} : { after: status.cursor };
    const result = await client.callTool({ name: 'run_status', arguments: { id, waitSeconds: 25, until: 'end', ...after } }, undefined, { onprogress: ({ message = '' }) => told.push(message), timeout: 120_000 });
    status = result.structuredContent as unknown as Status;
  }
  return { status, told };
}

const get = async <T>(address: string): Promise<T> => await (await fetch(origin + address)).json() as T;

/** The cascade, its files, its report and what was said, as the routes give them. */
async function isTheSameOverRest(id: string, branch: string): Promise<void> {
  const address = `/v1/cascades/${id}`;
  const cascade = await get<{ gate: string; summary: { commitSha: string }; tiers: { state: string }[]; stories: { status: string; gate: string }[]; tasks: { commit: string; kind: string }[]; spend: { calls: number } }>(address);
  expect([cascade.gate, cascade.spend.calls, cascade.tiers.map(({ state }) => state)]).toEqual(['PASS', model.size, ['ended', 'ended', 'ended', 'ended']]);
  expect(cascade.stories.map(({ status, gate }) => [status, gate])).toEqual([['Done', 'PASS'], ['Done', 'PASS']]);
  const { commit, files } = await get<{ commit: string; files: { path: string }[] }>(`${address}/artefacts`);
  expect(commit).toBe(cascade.summary.commitSha);
  expect(files.map((file) => file.path).toSorted()).toEqual(repository.git('ls-tree', '-r', '--name-only', branch).split('\n').toSorted());
  expect(await (await fetch(`${origin}${address}/report`)).text()).toBe(`${repository.git('show', `${branch}:docs/qa/reports/epic-1-report.md`)}\n`);
  const code = cascade.tasks.find(({ kind }) => kind === 'code')!;
  expect(await get(`${address}/artefacts?commit=${code.commit}`)).toMatchObject({ commit: code.commit });
  const { messages } = await get<{ messages: { event: { type: string } }[] }>(`${address}/transcript?limit=200`);
  expect(messages.map(({ event }) => event.type)).toEqual(expect.arrayContaining(['started', 'said', 'stopped']));
}

describe('cascade mcp', () => {
  it('brings the services with it: a cascade that is started through stdio is followed through HTTP to its end, and read', async () => {
    const stdio = await onStdio([]);
    try {
      const order = { name: 'run_start', arguments: { request: priceList.request, repository: repository.folder, key: 'order-1' } };
      const { id } = (await stdio.callTool(order)).structuredContent as { id: string };
      expect((await stdio.callTool(order)).structuredContent).toEqual({ id, state: 'running' });
      const events = fetch(`${origin}/v1/cascades/${id}/events`).then((response) => response.text()); // ends with the cascade
      const http = new Client({ name: 'spec', version: '1' });
      await http.connect(new StreamableHTTPClientTransport(new URL('/mcp', origin)) as never);
      const { status, told } = await followed(http, id);
      expect(status).toMatchObject({ state: 'completed', gate: 'PASS', taskCounts: { Done: 8 } });
      expect(told.length).toBeGreaterThan(10);
      expect(await events).toMatch(/"status":"red"[^]*"status":"green"[^]*"status":"integrated"[^]*id: end\nevent: end\ndata: .*"state":"completed".*\n\n$/);
      await isTheSameOverRest(id, status.result.branch);
      expect(priceList.artefactsOf(repository, status.result.branch)).toEqual(priceList.artefacts);
      const report = await stdio.callTool({ name: 'artefact_get', arguments: { id, path: 'docs/qa/reports/epic-1-report.md' } });
      expect((report.structuredContent as { text: string }).text).toBe(await (await fetch(`${origin}/v1/cascades/${id}/report`)).text());
      const { resources: [resource] } = await http.listResources();
      expect((await http.readResource({ uri: resource!.uri })).contents).toEqual((await stdio.readResource({ uri: resource!.uri })).contents);
      await http.close();
    } finally {
      await stdio.close();
    }
    expect(noise).toEqual([]);
  });

  it('with --remote only speaks for a deployment, and ends with its input', async () => {
    const client = await onStdio(['--remote']);
    const unknown = await client.callTool({ name: 'run_status', arguments: { id: 'nobody' } });
    expect([unknown.isError, JSON.stringify(unknown.content)]).toEqual([true, expect.stringContaining('CASC_CASCADE_UNKNOWN')]);
    const { pid } = client.transport as unknown as { pid: number };
    await client.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(noise).toEqual([]);
  });
});
