import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { RecordedModel, removeTemporaryFolders, sampleGitRepository, startTestRedis, temporaryFolder, type SampleRepository, type TestRedis } from '@cascade/testing';
import { startStandalone, type Standalone } from './standalone.js';

jest.setTimeout(600_000);

const sample = fileURLToPath(new URL('../../../examples/price-list', import.meta.url));

let server: TestRedis;
let model: RecordedModel;
let standalone: Standalone;
let repository: SampleRepository;
let origin: string;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

beforeAll(async () => {
  [server, model] = await Promise.all([startTestRedis(), RecordedModel.start(path.join(sample, 'recording'))]);
  repository = sampleGitRepository({}, 'price-list');
  cpSync(path.join(sample, 'repository'), repository.folder, { recursive: true });
  repository.commit('Orders and receipts in whole cents');
  const home = temporaryFolder('home');
  mkdirSync(path.join(home, 'workspaces'), { mode: 0o755 });
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  standalone = await startStandalone({ ...process.env, ...model.env, REDIS_URL: server.url, CASCADE_HOME: home, CASCADE_WORKSPACES: path.join(home, 'workspaces'), CASCADE_API_PORT: String(port) });
});
afterAll(async () => {
  await standalone?.stop();
  await model?.close();
  await server?.stop();
  removeTemporaryFolders();
});

const get = async (address: string): Promise<Response> => fetch(origin + address);

it('runs a cascade over HTTP alone: asked for, followed to its end, and read', async () => {
  const request = readFileSync(path.join(sample, 'request.txt'), 'utf8').trim();
  const asked = await fetch(`${origin}/v1/cascades`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ request, repository: repository.folder }) });
  expect(asked.status).toBe(202);
  const address = asked.headers.get('location')!;

  const events = await (await get(`${address}/events`)).text(); // ends with the cascade
  expect(events).toMatch(/event: progress\ndata: .*"kind":"round"/);
  expect(events).toMatch(/"status":"red"[^]*"status":"green"[^]*"status":"integrated"/);
  expect(events).toMatch(/id: end\nevent: end\ndata: .*"state":"completed".*\n\n$/);

  const cascade = await (await get(address)).json() as { gate: string; summary: { branch: string; commitSha: string }; tiers: { state: string }[]; stories: { status: string; gate: string }[]; tasks: { id: string; status: string; commit: string; kind: string }[]; spend: { calls: number } };
  expect([cascade.gate, cascade.spend.calls, cascade.tiers.map(({ state }) => state)]).toEqual(['PASS', model.size, ['ended', 'ended', 'ended', 'ended']]);
  expect(cascade.stories.map(({ status, gate }) => [status, gate])).toEqual([['Done', 'PASS'], ['Done', 'PASS']]);
  expect(cascade.tasks.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'Done'));

  const { commit, files } = await (await get(`${address}/artefacts`)).json() as { commit: string; files: { path: string }[] };
  expect(commit).toBe(cascade.summary.commitSha);
  expect(files.map((file) => file.path).toSorted()).toEqual(repository.git('ls-tree', '-r', '--name-only', cascade.summary.branch).split('\n').toSorted());
  const report = await (await get(`${address}/report`)).text();
  expect(report).toBe(`${repository.git('show', `${cascade.summary.branch}:docs/qa/reports/epic-1-report.md`)}\n`);
  const code = cascade.tasks.find(({ kind }) => kind === 'code')!;
  const before = await (await get(`${address}/artefacts?commit=${code.commit}`)).json() as { commit: string };
  expect(before.commit).toBe(code.commit);
  const { messages } = await (await get(`${address}/transcript?limit=200`)).json() as { messages: { event: { type: string } }[] };
  expect(messages.map(({ event }) => event.type)).toEqual(expect.arrayContaining(['started', 'said', 'stopped']));
});
