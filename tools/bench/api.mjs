// `npm run bench -- api [--quick]`: requests per second for a cascade's status beside bare Fastify routes, and event streams held.
import { Redis } from 'ioredis';
import { workItemWrite } from '@cascade/contracts';
import { load, Streams } from './api/http-load.mjs';
import { median, percentile, rounded, table } from './figures.mjs';
import { machine } from './machine.mjs';
import { withServers } from './server.mjs';
import { Subject } from './subject.mjs';

const full = { rounds: 7, requests: 20_000, connections: 32, streams: 2_000, lines: 5 };
const quick = { rounds: 2, requests: 2_000, connections: 32, streams: 200, lines: 2 };
const TASKS = 10;
const contestants = {
  bare: { title: 'bare Fastify route, as many bytes', make: 'bare', address: '/status/full' },
  bareRedis: { title: 'bare Fastify route, one HGETALL', make: 'bareRedis', address: '/status/full' },
  small: { title: 'Cascade status, just begun', make: 'cascade', address: '/v1/cascades/small' },
  status: { title: `Cascade status, two stories, ${TASKS} tasks`, make: 'cascade', address: '/v1/cascades/full' },
};

export async function bench({ isQuick, print, progress }) {
  const size = isQuick ? quick : full;
  await withServers(async (url) => {
    const redis = new Redis(url, { enableAutoPipelining: true });
    print(`${await machine(redis)}\n`);
    await write(redis);
    const context = { url, redis, size, print, progress };
    const ratios = { ...await statuses(context), ...await streams(context) };
    print(JSON.stringify({ bench: 'api', ratios }));
    redis.disconnect();
  });
}

/** Two cascades: one that has just begun, and one with its stories and tasks. */
async function write(redis) {
  for (const id of ['small', 'full']) await accept(redis, id);
  const epic = { repo: 'shop', branch: 'main', epicId: '1', epicName: 'codes' };
  const common = { status: 'Approved', documentPath: 'docs/x.md', document: { text: 'x'.repeat(500) }, cascadeId: 'full', modifiedAt: Date.now() };
  const items = [
    ...['1.1', '1.2'].map((storyId) => ({ ...common, title: `Story ${storyId}`, key: { kind: 'story', ...epic, storyId, storyName: 's' } })),
    ...Array.from({ length: TASKS }, (_, index) => ({ ...common, title: `Task ${index}`, key: { kind: 'task', ...epic, storyId: '1.1', storyName: 's', taskId: `T${String(index).padStart(3, '0')}` } })),
  ];
  for (const write of items.map(workItemWrite)) {
    await redis.hset(write.key, write.fields);
    await redis.zadd(write.scoreIn.key, write.scoreIn.score, write.scoreIn.member);
  }
}

const accept = (redis, id) => redis.hset(`cascade:${id}`, { state: 'running', request: 'Add discount codes to the till', repository: '/srv/shop', created_at: new Date().toISOString(), deadline: new Date(Date.now() + 3_600_000).toISOString(), tier: '3' });

/** Every round lets each contestant run once, beginning with another one; the first round only warms up. */
async function statuses({ url, size, print, progress }) {
  const subjects = await started(url);
  const names = Object.keys(contestants);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= size.rounds; round += 1) {
    progress(`status, round ${round} of ${size.rounds}`);
    for (const [index] of names.entries()) {
      const name = names[(index + round) % names.length];
      const run = await once(subjects[name], contestants[name].address, round === 0 ? { ...size, requests: size.requests / 2 } : size);
      if (round > 0) runs[name].push(run);
    }
  }
  for (const { subject } of Object.values(subjects)) subject.stop();
  const of = (name, figure) => median(runs[name].map((run) => run[figure]));
  const ratio = (one, other, figure = 'perSecond') => rounded(median(runs[one].map((run, round) => run[figure] / runs[other][round][figure])));
  print(table([
    ['', 'requests/s', 'of bare', 'Node µs'],
    ...names.map((name) => [contestants[name].title, String(Math.round(of(name, 'perSecond'))), ratio(name, 'bare').toFixed(2), of(name, 'cpuUs').toFixed(1)]),
  ]));
  return {
    status_vs_bare: ratio('status', 'bare'), status_vs_bare_redis: ratio('status', 'bareRedis'), status_cpu_vs_bare_redis: ratio('status', 'bareRedis', 'cpuUs'),
    small_vs_bare: ratio('small', 'bare'), small_vs_bare_redis: ratio('small', 'bareRedis'),
  };
}

async function started(url) {
  const api = await Subject.start('http.mjs', 'cascade', url);
  const port = (await api.call('port')).result;
  const bytes = (await (await fetch(`http://127.0.0.1:${port}${contestants.status.address}`)).text()).length;
  const subjects = { small: { subject: api, port }, status: { subject: api, port } };
  for (const name of ['bare', 'bareRedis']) {
    const subject = await Subject.start('http.mjs', contestants[name].make, url, { bytes });
    subjects[name] = { subject, port: (await subject.call('port')).result };
  }
  return subjects;
}

async function once({ subject, port }, address, { requests, connections }) {
  const before = (await subject.call('usage')).result.cpuUs;
  const seconds = await load(port, address, { requests, connections });
  return { perSecond: requests / seconds, cpuUs: ((await subject.call('usage')).result.cpuUs - before) / requests };
}

/** Streams of as many cascades; then lines are written to all of them, and how long each is under way is measured. */
async function streams({ url, redis, size, print, progress }) {
  progress(`${size.streams} event streams`);
  const ids = Array.from({ length: size.streams }, (_, index) => `followed-${index}`);
  await Promise.all(ids.map((id) => accept(redis, id)));
  const subject = await Subject.start('http.mjs', 'cascade', url);
  const port = (await subject.call('port')).result;
  const before = (await subject.call('usage')).result.bytes;
  const clients = new Streams();
  await clients.open(port, ids.map((id) => `/v1/cascades/${id}/events`));
  for (let line = 1; line <= size.lines; line += 1) {
    await Promise.all(ids.map((id) => redis.xadd(`cascade:${id}:timeline`, '*', 'at', new Date().toISOString(), 'service', 'bench', 'line', JSON.stringify({ kind: 'tier', text: `at ${Date.now()}` }))));
    for (const until = performance.now() + 30_000; clients.delays.length < line * size.streams && performance.now() < until;) await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  const { held } = clients;
  const kilobytes = ((await subject.call('usage')).result.bytes - before) / held / 1_024;
  const arrived = clients.delays.length / size.lines / size.streams;
  clients.close();
  subject.stop();
  print(`\n${held} event streams held, ${kilobytes.toFixed(1)} KB each; a line arrives after ${median(clients.delays)} ms (p99 ${percentile(clients.delays, 0.99)} ms); ${(100 * arrived).toFixed(1)} % arrived`);
  return { sse_clients_held: held, sse_arrived: rounded(arrived), sse_kb_each: rounded(kilobytes, 1), sse_delay_p50_ms: median(clients.delays), sse_delay_p99_ms: percentile(clients.delays, 0.99) };
}
