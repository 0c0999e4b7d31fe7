import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { freePort, priceList, RecordedModel, removeTemporaryFolders, startTestRedis, temporaryHome, TraceCollector, untilTrue, type CollectedSpan, type SampleRepository, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';

jest.setTimeout(600_000);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const services = ['api', 'agent-00-stories', 'agent-10-specs', 'agent-20-programs', 'agent-30-execution', 'docs-indexer', 'git-worker', 'supervisor'];
/** What no log line, span or error may tell; every process has them. */
const canaries = { OPENAI_API_KEY: 'canary-of-the-model', CASCADE_GIT_TOKEN: 'canary-of-git', CASCADE_GITHUB_TOKEN: 'canary-of-github', CASCADE_GITHUB_WEBHOOK_SECRETS: 'canary-of-hooks,another-canary' };

let server: TestRedis;
let redis: Redis;
let model: RecordedModel;
let collector: TraceCollector;
let repository: SampleRepository;
let env: NodeJS.ProcessEnv;
let origin: string;
const running = new Map<string, ChildProcess>();
let output = '';

function start(service: string, instance: string): void {
  const own = { ...env, OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}` };
  const child = spawn(process.execPath, [path.join(root, `apps/${service}/dist/main.js`)], { env: own, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  running.set(service, child);
}

async function stop(service: string, signal: NodeJS.Signals): Promise<void> {
  const child = running.get(service)!;
  running.delete(service);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

beforeAll(async () => {
  [server, model, collector] = await Promise.all([startTestRedis(), RecordedModel.start(priceList.recording), TraceCollector.start()]);
  redis = new Redis(server.url);
  repository = priceList.repository();
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  env = {
    PATH: process.env['PATH'], ...model.env, ...canaries, ...collector.env, ...temporaryHome(), REDIS_URL: server.url, CASCADE_API_PORT: String(port), CASCADE_COMMIT_MESSAGES: 'plain',
    CASCADE_CLAIM_IDLE_MS: '2000', ...(process.env['CASCADE_BWRAP'] === undefined ? {} : { CASCADE_BWRAP: process.env['CASCADE_BWRAP'] }),
  };
  for (const service of services) start(service, 'first');
  await untilTrue(() => services.every((service) => new RegExp(`"service":"${service}",(?:"tier":\\d,)?"message":"is running"`).test(output)), 'all services', 400_000);
});
afterAll(async () => {
  await Promise.all([...running.keys()].map((service) => stop(service, 'SIGKILL')));
  redis.disconnect();
  await Promise.all([model.close(), server.stop(), collector.close()]);
  removeTemporaryFolders();
});

const callers = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

async function ask(where: string): Promise<string> {
  const asked = await fetch(`${origin}/v1/cascades`, { method: 'POST', headers: { 'content-type': 'application/json', traceparent: `00-${callers.traceId}-${callers.spanId}-01` }, body: JSON.stringify({ request: priceList.request, repository: where }) });
  expect(asked.status).toBe(202);
  return (await asked.json() as { id: string }).id;
}

/** Spans whose parent nobody sent; the caller's own is not ours to send. */
function orphans(spans: readonly CollectedSpan[]): CollectedSpan[] {
  const known = new Set([callers.spanId, ...spans.map(({ spanId }) => spanId)]);
  return spans.filter(({ parentSpanId }) => parentSpanId === undefined || parentSpanId === '' || !known.has(parentSpanId));
}

it('makes one trace of a cascade, from the HTTP request of somebody else\'s trace to its end, with a service killed in the middle', async () => {
  const reached = model.holdNext((one) => (one.messages[0]?.content ?? '').includes('You are the task planner'));
  const id = await ask(repository.folder);
  await reached;
  await collector.until((spans) => orphans(spans).every(({ service }) => service === 'agent-10-specs'), 'the spans of what has ended');
  await stop('agent-10-specs', 'SIGKILL');
  start('agent-10-specs', 'second');
  await untilTrue(async () => await redis.hget(`cascade:${id}`, 'clean_up') === 'done', 'the end of the cascade', 400_000);
  expect(await redis.hget(`cascade:${id}`, 'state')).toBe('completed');
  await Promise.all([...services].map((service) => stop(service, 'SIGTERM'))); // each sends what it has left

  const spans = collector.spans.filter(({ attributes }) => attributes['cascade.id'] === id);
  expect([...new Set(spans.map(({ traceId }) => traceId))]).toEqual([callers.traceId]);
  expect([...new Set(spans.map(({ service }) => service))].toSorted()).toEqual(services.toSorted());
  // Of the killed one alone, what was under way was never sent.
  expect(orphans(collector.ofTrace(callers.traceId)).filter(({ service }) => service !== 'agent-10-specs')).toEqual([]);

  const processed = spans.filter(({ name }) => name.startsWith('process ')).map(({ name }) => name);
  for (const type of ['cascade.requested', 'stories.approved', 'spec.ready', 'programs.ready', 'task.ready', 'task.implemented', 'task.integrated', 'cascade.completed', 'git.open_repository', 'git.commit']) {
    expect(processed).toContain(`process stream:${type}`);
  }
  const taken = spans.find(({ name, attributes }) => name === 'process stream:stories.approved' && attributes['cascade.deliveries'] === 2);
  expect(taken).toMatchObject({ service: 'agent-10-specs', kind: 5, attributes: { 'messaging.system': 'redis', 'messaging.consumer.group.name': 'agent-10-specs', 'cascade.commit': 'committed' }, events: [{ name: 'redelivered' }] });

  const chats = collector.ofTrace(callers.traceId).filter(({ name }) => name.startsWith('chat '));
  expect(chats).toHaveLength(model.size);
  expect(chats[0]).toMatchObject({ kind: 3, attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': id, 'gen_ai.usage.input_tokens': 100, 'gen_ai.response.finish_reasons': ['stop'] } });
  expect(collector.bodies.join('')).not.toContain('gen_ai.input.messages');
  expect(spans.filter(({ name }) => name.startsWith('git ')).every(({ attributes }) => typeof attributes['process.exit.code'] === 'number')).toBe(true);
  expect(spans.some(({ name }) => name.startsWith('sandbox '))).toBe(true);
  expect(spans.find(({ name }) => name === 'POST /v1/cascades') ?? collector.spans.find(({ name }) => name === 'POST /v1/cascades')).toMatchObject({ service: 'api', parentSpanId: callers.spanId, kind: 2, attributes: { 'http.response.status_code': 202 } });
});

it('tells an error by its code, and no secret in any log line, span or error, wherever it was planted', async () => {
  for (const service of services) start(service, 'third');
  await untilTrue(async () => (await fetch(`${origin}/live`).catch(() => undefined))?.status === 200, 'the API');
  const planted = Object.values(canaries).join('/').replace(',', '/');
  const id = await ask(`/no/such/${planted}`);
  await untilTrue(async () => await redis.hget(`cascade:${id}`, 'state') === 'failed', 'the failure', 120_000);
  await Promise.all([...services].map((service) => stop(service, 'SIGTERM')));
  const failed = collector.spans.filter(({ attributes, status }) => attributes['cascade.id'] === id && status?.code === 2);
  expect(failed.map(({ attributes }) => String(attributes['error.type']))).toEqual(expect.arrayContaining([expect.stringMatching(/^CASC_REPOSITORY_/)]));
  const told = [output, ...collector.bodies, JSON.stringify(await redis.xrange('stream:cascade.failed', '-', '+')), await redis.hget(`cascade:${id}`, 'problem')].join('\n');
  for (const canary of Object.values(canaries).flatMap((value) => value.split(','))) expect(told).not.toContain(canary);
  expect(told).toContain('[redacted]');
  for (const line of output.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), time: expect.any(String), service: expect.any(String), message: expect.any(String) });
});
