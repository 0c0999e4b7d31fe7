import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { commands, redisKeys } from '@cascade/contracts';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { fieldsOf } from '@cascade/streams';
import { freePort, priceList, RecordedModel, removeTemporaryFolders, startTestRedis, temporaryHome, TraceCollector, untilTrue, type CollectedSpan, type SampleRepository, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';

jest.setTimeout(600_000);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const services = ['api', 'agent-00-stories', 'agent-10-specs', 'agent-20-programs', 'agent-30-execution', 'docs-indexer', 'git-worker', 'supervisor'];
const mirror = ['github-webhook', 'github-sync'];
/** What no log line, span or error may tell; every process has them. */
const canaries = { OPENAI_API_KEY: 'canary-of-the-model', CASCADE_GIT_TOKEN: 'canary-of-git', CASCADE_GITHUB_WEBHOOK_SECRETS: 'canary-of-hooks,another-canary', CASCADE_GITHUB_MARKER_SECRET: 'canary-of-markers', CASCADE_GITHUB_TOKEN: '' };

let server: TestRedis;
let redis: Redis;
let model: RecordedModel;
let collector: TraceCollector;
let github: FakeGitHub;
let repository: SampleRepository;
let env: NodeJS.ProcessEnv;
let origin: string;
let hooks: string;
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

const stopAll = async (): Promise<unknown> => Promise.all([...running.keys()].map((service) => stop(service, 'SIGTERM')));

beforeAll(async () => {
  [server, model, collector, github] = await Promise.all([startTestRedis(), RecordedModel.start(priceList.recording), TraceCollector.start(), startFakeGitHub({ limits: noLimits })]);
  canaries.CASCADE_GITHUB_TOKEN = github.addUser('acme').token;
  redis = new Redis(server.url);
  repository = priceList.repository();
  const [port, webhookPort] = [await freePort(), await freePort()];
  origin = `http://127.0.0.1:${port}`;
  hooks = `http://127.0.0.1:${webhookPort}`;
  env = {
    CASCADE_GITHUB_API: github.url, CASCADE_GITHUB_LIMITS: 'none', CASCADE_WEBHOOK_PORT: String(webhookPort),
    PATH: process.env['PATH'], ...model.env, ...canaries, ...collector.env, ...temporaryHome(), REDIS_URL: server.url, CASCADE_API_PORT: String(port), CASCADE_COMMIT_MESSAGES: 'plain',
    CASCADE_CLAIM_IDLE_MS: '2000', ...(process.env['CASCADE_BWRAP'] === undefined ? {} : { CASCADE_BWRAP: process.env['CASCADE_BWRAP'] }),
  };
  for (const service of services) start(service, 'first');
  await untilTrue(() => services.every((service) => new RegExp(`"service":"${service}",(?:"tier":\\d,)?"message":"is running"`).test(output)), 'all services', 400_000);
});
afterAll(async () => {
  await Promise.all([...running.keys()].map((service) => stop(service, 'SIGKILL')));
  redis.disconnect();
  await Promise.all([model.close(), server.stop(), collector.close(), github.close()]);
  removeTemporaryFolders();
});

const callers = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

async function ask(where: string): Promise<string> {
  const asked = await fetch(`${origin}/v1/cascades`, { method: 'POST', headers: { 'content-type': 'application/json', traceparent: `00-${callers.traceId}-${callers.spanId}-01` }, body: JSON.stringify({ request: priceList.request, repository: where }) });
  expect(asked.status).toBe(202);
  return (await asked.json() as { id: string }).id;
}

/** What waits for several has one parent, the last of them; its links lead to all. */
async function expectJoins(id: string): Promise<void> {
  const named = (name: string): CollectedSpan[] => collector.spans.filter((span) => span.name === name && span.attributes['cascade.id'] === id);
  const linked = ({ links = [] }: CollectedSpan): string[] => links.map(({ spanId }) => spanId);
  const { programs } = JSON.parse(await redis.hget(redisKeys.graph(id), 'plan') ?? '') as { programs: { storyId?: string; task: { id: string } }[] };
  const integrated = (await redis.xrange(redisKeys.stream('task.integrated'), '-', '+')).map(([, flat]) => fieldsOf(flat));
  const published = new Map(named('publish stream:task.integrated').map(({ attributes, spanId }) => [attributes['cascade.event.id'], spanId]));
  const closings = named('close story');
  const stories = new Set(closings.map(({ attributes }) => attributes['cascade.story']));
  for (const closing of closings) {
    const tasks = programs.filter(({ storyId }) => storyId === closing.attributes['cascade.story']).map(({ task }) => task.id);
    const causes = integrated.filter(({ data }) => tasks.includes((JSON.parse(data!) as { taskId: string }).taskId)).map((event) => published.get(event['id']));
    expect(causes.length).toBeGreaterThan(1);
    expect(new Set(linked(closing))).toEqual(new Set(causes));
  }
  const byId = new Map(closings.map(({ spanId, attributes }) => [spanId, attributes['cascade.story']]));
  const ends = named('finish cascade').map((span) => new Set(linked(span).map((spanId) => byId.get(spanId))));
  expect([stories.size, new Set(ends.map((end) => end.size))]).toEqual([2, new Set([2])]);
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
  const asked = (await Promise.all(commands.map(({ type }) => redis.xlen(redisKeys.stream(type))))).reduce((sum, length) => sum + length, 0);
  const isAnswer = ({ name }: CollectedSpan): boolean => commands.some(({ type }) => name === `process ${redisKeys.stream(type)}`);
  // First what others did for it: with all of that, their parents in the process that is killed are known to be missing.
  await collector.until((spans) => spans.filter(isAnswer).length >= asked && orphans(spans).every(({ service }) => service === 'agent-10-specs'), 'the spans of what has ended');
  await stop('agent-10-specs', 'SIGKILL');
  start('agent-10-specs', 'second');
  await untilTrue(async () => await redis.hget(`cascade:${id}`, 'clean_up') === 'done', 'the end of the cascade', 400_000);
  expect(await redis.hget(`cascade:${id}`, 'state')).toBe('completed');
  await stopAll(); // each sends what it has left

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

  await expectJoins(id);
  const chats = collector.ofTrace(callers.traceId).filter(({ name }) => name.startsWith('chat '));
  expect(chats).toHaveLength(model.size);
  expect(chats[0]).toMatchObject({ kind: 3, attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': id, 'gen_ai.usage.input_tokens': 100, 'gen_ai.response.finish_reasons': ['stop'] } });
  expect(collector.bodies.join('')).not.toContain('gen_ai.input.messages');
  expect(spans.filter(({ name }) => name.startsWith('git ')).every(({ attributes }) => typeof attributes['process.exit.code'] === 'number')).toBe(true);
  expect(spans.some(({ name }) => name.startsWith('sandbox '))).toBe(true);
  expect(spans.find(({ name }) => name === 'POST /v1/cascades') ?? collector.spans.find(({ name }) => name === 'POST /v1/cascades')).toMatchObject({ service: 'api', parentSpanId: callers.spanId, kind: 2, attributes: { 'http.response.status_code': 202 } });
});

it('makes one trace of a label on an issue: the webhook, the mirror, and the tiers of the cascade that it asks for', async () => {
  github.addRepository('acme/shop', {});
  await redis.hset(redisKeys.githubRepositories, priceList.repository().folder, 'acme/shop');
  for (const service of [...services, ...mirror]) start(service, 'third');
  for (const url of [`${origin}/live`, `${hooks}/readyz`]) await untilTrue(async () => (await fetch(url).catch(() => undefined))?.status === 200, url, 120_000);
  github.asPerson('acme').createHook({ repository: 'acme/shop', url: `${hooks}/webhooks/github`, secret: 'canary-of-hooks', events: ['issues'] });
  const [title = '', ...body] = priceList.request.split('\n\n');
  const { number } = github.asPerson('acme').createIssue({ repository: 'acme/shop', title, body: body.join('\n\n') });
  github.asPerson('acme').addLabels({ repository: 'acme/shop', number, labels: ['cascade'] });

  const isLast = ({ name, traceId }: CollectedSpan): boolean => name === 'process stream:stories.approved' && traceId !== callers.traceId;
  await collector.until((spans) => spans.some(isLast), 'the second tier to be done', 400_000);
  const last = collector.spans.find(isLast)!;
  const spans = (): CollectedSpan[] => collector.ofTrace(last.traceId);
  const upFrom = (span: CollectedSpan): CollectedSpan[] => [span, ...spans().filter(({ spanId }) => spanId === span.parentSpanId).flatMap(upFrom)];
  await collector.until(() => upFrom(last).length >= 7, 'all that it came from');
  expect(upFrom(last).map(({ service, name }) => `${service}: ${name}`)).toEqual([
    'agent-10-specs: process stream:stories.approved', 'agent-00-stories: publish stream:stories.approved', 'agent-00-stories: process stream:cascade.requested', 'github-sync: matter label',
    'github-sync: process stream:github.delivery_received', 'github-webhook: publish stream:github.delivery_received', 'github-webhook: POST /webhooks/github',
  ]);
  expect(spans().some(({ service, kind, name }) => service === 'github-sync' && kind === 3 && name.startsWith('GET /repos/'))).toBe(true);
  await fetch(`${origin}/v1/cascades/${String(last.attributes['cascade.id'])}/cancel`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
});

it('tells an error by its code, and no secret in any log line, span or error, wherever it was planted', async () => {
  const planted = Object.values(canaries).join('/').replace(',', '/');
  const id = await ask(`/no/such/${planted}`);
  await untilTrue(async () => await redis.hget(`cascade:${id}`, 'state') === 'failed', 'the failure', 120_000);
  await stopAll();
  const failed = collector.spans.filter(({ attributes, status }) => attributes['cascade.id'] === id && status?.code === 2);
  expect(failed.map(({ attributes }) => String(attributes['error.type']))).toEqual(expect.arrayContaining([expect.stringMatching(/^CASC_REPOSITORY_/)]));
  const told = [output, ...collector.bodies, JSON.stringify(await redis.xrange('stream:cascade.failed', '-', '+')), await redis.hget(`cascade:${id}`, 'problem')].join('\n');
  for (const canary of Object.values(canaries).flatMap((value) => value.split(','))) expect(told).not.toContain(canary);
  expect(told).toContain('[redacted]');
  for (const line of output.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), time: expect.any(String), service: expect.any(String), message: expect.any(String) });
});
