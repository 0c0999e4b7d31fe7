// `npm run bench -- streams [--quick]`: one interleaved run of everything that can carry an event through Redis.
import { Redis } from 'ioredis';
import { measureCelery } from './celery.mjs';
import { entryOf, leanEntryOf, preload } from './events.mjs';
import { median, percentile, rounded, table } from './figures.mjs';
import { machine, serverCpuUs } from './machine.mjs';
import { withServers } from './server.mjs';
import { Subject } from './subject.mjs';

/** `share`: how many events it gets of those that a round is about; `fill`: the entries that wait for it. */
const contestants = {
  raw: { title: 'raw consume, COUNT 256, one XACK', module: 'raw.mjs', make: 'consume', fill: entryOf },
  rawLean: { title: 'raw consume, entries of two fields', module: 'raw.mjs', make: 'consume', fill: leanEntryOf },
  hop: { title: 'Cascade hop, concurrency 256', module: 'cascade.mjs', make: 'hop', options: { concurrency: 256 }, fill: entryOf },
  hopAof: { title: 'Cascade hop, AOF everysec', module: 'cascade.mjs', make: 'hop', options: { concurrency: 256 }, fill: entryOf, aof: true },
  hopDurable: { title: 'Cascade hop, one replica, WAIT', module: 'cascade.mjs', make: 'hop', options: { concurrency: 256, durability: { replicas: 1, disk: false } }, fill: entryOf, replicated: true },
  hop50: { title: 'Cascade hop, concurrency 50', module: 'cascade.mjs', make: 'hop', options: { concurrency: 50 }, fill: entryOf },
  bullmq: { title: 'BullMQ hop, concurrency 50', module: 'bullmq.mjs', make: 'hop', options: { concurrency: 50 }, share: 1 / 4 },
  nestRedis: { title: 'Nest Redis transport, emit and handle', module: 'nest-redis.mjs', make: 'emit', share: 1 / 2 },
  rawPublish: { title: 'raw XADD, 64 callers, auto-pipelined', module: 'raw.mjs', make: 'publish' },
  publish: { title: 'Cascade publish, 64 callers', module: 'cascade.mjs', make: 'publish' },
};
const latencies = {
  raw: { title: 'raw', module: 'raw.mjs' },
  cascade: { title: 'Cascade', module: 'cascade.mjs', options: { concurrency: 64 } },
  nestRedis: { title: 'Nest Redis transport', module: 'nest-redis.mjs' },
  bullmq: { title: 'BullMQ', module: 'bullmq.mjs', options: { concurrency: 50 } },
};
const full = { rounds: 7, events: 20_000, latencyRounds: 3, latencySeconds: 4, crowds: [1, 2, 4, 10], crowdRounds: 3, crowdEvents: 40_000, celery: 2_000 };
const quick = { rounds: 2, events: 4_000, latencyRounds: 1, latencySeconds: 1, crowds: [1, 2, 10], crowdRounds: 1, crowdEvents: 8_000, celery: 0 };
const RATES = [200, 2_000];

export async function bench({ isQuick, print, progress }) {
  const size = isQuick ? quick : full;
  await withServers(async (url, replicaUrl) => {
    const redis = new Redis(url);
    const replica = new Redis(replicaUrl);
    print(`${await machine(redis)}; nothing persisted unless said\n`);
    const context = { url, redis, replica, size, progress, print };
    const ratios = { ...await throughput(context), ...await delays(context), ...await crowds(context), ...await celery(context) };
    print(JSON.stringify({ bench: 'streams', ratios }));
    redis.disconnect();
    replica.disconnect();
  });
}

/** Every round lets each contestant run once, beginning with another one; the first round only warms up. */
async function throughput({ url, redis, replica, size, progress, print }) {
  const subjects = await startAll(contestants, url, ({ make }) => make);
  const names = Object.keys(contestants);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= size.rounds; round += 1) {
    progress(`throughput, round ${round} of ${size.rounds}`);
    for (const [index] of names.entries()) {
      const name = names[(index + round) % names.length];
      const run = await once({ redis, replica }, contestants[name], subjects[name], round === 0 ? size.events / 2 : size.events);
      if (round > 0) runs[name].push(run);
    }
  }
  stopAll(subjects);
  const of = (name, figure) => median(runs[name].map((run) => run[figure]));
  // Within a round, because the machine's other work changes between rounds.
  const ratio = (one, other, figure = 'perSecond') => rounded(median(runs[one].map((run, round) => run[figure] / runs[other][round][figure])));
  print(table([
    ['', 'events/s', 'of raw', 'Node µs', 'Redis µs'],
    ...names.map((name) => [contestants[name].title, String(Math.round(of(name, 'perSecond'))), ratio(name, 'raw').toFixed(2), of(name, 'nodeUs').toFixed(1), of(name, 'redisUs').toFixed(1)]),
  ]));
  return {
    hop_vs_raw: ratio('hop', 'raw'), hop_vs_raw_two_fields: ratio('hop', 'rawLean'), hop_cpu_vs_raw: ratio('hop', 'raw', 'nodeUs'),
    hop_vs_bullmq: ratio('hop50', 'bullmq'), hop_cpu_vs_bullmq: ratio('hop50', 'bullmq', 'nodeUs'), hop_vs_nest_redis: ratio('hop50', 'nestRedis'),
    publish_vs_raw: ratio('publish', 'rawPublish'), publish_cpu_vs_raw: ratio('publish', 'rawPublish', 'nodeUs'),
    aof_everysec_cost: rounded(1 - ratio('hopAof', 'hop')), durable_cost: rounded(1 - ratio('hopDurable', 'hop')),
  };
}

async function once({ redis, replica }, { fill, aof = false, replicated = false, share = 1 }, subject, events) {
  const count = Math.round(events * share);
  await redis.flushall();
  if (aof) await useAof(redis);
  if (replicated) await follow(replica, redis);
  if (fill !== undefined) await preload(redis, count, fill);
  await subject.call('prepare', count);
  const before = await serverCpuUs(redis);
  const { seconds, cpuUs } = await subject.call('run', count);
  const redisUs = (await serverCpuUs(redis) - before) / count;
  await subject.call('close');
  if (aof) await redis.config('SET', 'appendonly', 'no');
  if (replicated) await replica.replicaof('NO', 'ONE');
  return { perSecond: count / seconds, nodeUs: cpuUs / count, redisUs };
}

async function useAof(redis) {
  await redis.config('SET', 'appendfsync', 'everysec');
  await redis.config('SET', 'appendonly', 'yes');
  while (/aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))) await new Promise((resolve) => { setTimeout(resolve, 20); });
}

async function follow(replica, { options: { host, port } }) {
  await replica.replicaof(host, port);
  while (!(await replica.info('replication')).includes('master_link_status:up')) await new Promise((resolve) => { setTimeout(resolve, 20); });
}

/** Milliseconds from publishing to the handler, and to the arrival of the next event where there is one. */
async function delays({ url, redis, size, progress, print }) {
  const subjects = await startAll(latencies, url, () => 'latency');
  const names = Object.keys(latencies);
  const rows = [['latency in ms', 'handled p50', 'p99', 'next event p50', 'p99']];
  const ratios = {};
  for (const rate of RATES) {
    const runs = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < size.latencyRounds; round += 1) {
      for (const [index] of names.entries()) {
        const name = names[(index + round) % names.length];
        progress(`latency at ${rate}/s, round ${round + 1} of ${size.latencyRounds}: ${latencies[name].title}`);
        await redis.flushall();
        runs[name].push((await subjects[name].call('measure', rate, size.latencySeconds)).result);
      }
    }
    const at = (name, road, share) => median(runs[name].map((run) => percentile(run[road] ?? [NaN], share)));
    const cell = (value) => (Number.isNaN(value) ? '–' : value.toFixed(2));
    for (const name of names) rows.push([`${latencies[name].title}, ${rate}/s`, ...[['handled', 0.5], ['handled', 0.99], ['hop', 0.5], ['hop', 0.99]].map(([road, share]) => cell(at(name, road, share)))]);
    for (const [label, share] of [['p50', 0.5], ['p99', 0.99]]) {
      ratios[`latency_${label}_vs_raw_${rate}`] = rounded(at('cascade', 'handled', share) / at('raw', 'handled', share));
      ratios[`hop_latency_${label}_vs_raw_${rate}`] = rounded(at('cascade', 'hop', share) / at('raw', 'hop', share));
    }
  }
  stopAll(subjects);
  print(`\n${table(rows)}`);
  const worst = (label) => Math.max(...RATES.map((rate) => ratios[`latency_${label}_vs_raw_${rate}`]));
  return { latency_p50_vs_raw: worst('p50'), latency_p99_vs_raw: worst('p99'), ...ratios };
}

/** Several processes of one service on one group. */
async function crowds({ url, redis, size, progress, print }) {
  const most = Math.max(...size.crowds);
  const crowd = [];
  while (crowd.length < most) crowd.push(await Subject.start('cascade.mjs', 'hop', url, { concurrency: 64 }));
  const runs = Object.fromEntries(size.crowds.map((count) => [count, []]));
  for (let round = 0; round <= size.crowdRounds; round += 1) {
    for (const count of size.crowds) {
      progress(`${count} consumers, round ${round} of ${size.crowdRounds}`);
      const members = crowd.slice(0, count);
      const events = round === 0 ? size.crowdEvents / 4 : size.crowdEvents;
      await redis.flushall();
      await preload(redis, events);
      await Promise.all(members.map((member) => member.call('prepare')));
      const before = await serverCpuUs(redis);
      const answers = await Promise.all(members.map((member) => member.call('run', events)));
      const seconds = Math.max(...answers.map((answer) => answer.seconds));
      const serverShare = (await serverCpuUs(redis) - before) / seconds / 1e6;
      const nodeShare = answers.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / seconds / 1e6;
      await Promise.all(members.map((member) => member.call('close')));
      if (round > 0) runs[count].push({ perSecond: events / seconds, serverShare, nodeShare });
    }
  }
  for (const member of crowd) member.stop();
  const of = (count, figure) => median(runs[count].map((run) => run[figure]));
  print(`\n${table([
    ['consumers of one group', 'events/s', 'of one', 'cores Node', 'cores Redis'],
    ...size.crowds.map((count) => [String(count), String(Math.round(of(count, 'perSecond'))), (of(count, 'perSecond') / of(1, 'perSecond')).toFixed(2), of(count, 'nodeShare').toFixed(2), of(count, 'serverShare').toFixed(2)]),
  ])}`);
  return Object.fromEntries(size.crowds.slice(1).map((count) => [`consumers_1_to_${count}`, rounded(of(count, 'perSecond') / of(1, 'perSecond'))]));
}

async function celery({ url, redis, size, progress, print }) {
  if (size.celery === 0) return print('\nCelery: skipped (--quick)') ?? {};
  progress('Celery');
  await redis.flushall();
  const { hopsPerSecond, skipped } = await measureCelery(redis, url, size.celery);
  print(skipped === undefined ? `\nCelery 5, acks_late, two processes: ${Math.round(hopsPerSecond)} hops/s` : `\nCelery: skipped (${skipped})`);
  return skipped === undefined ? { celery_hops_per_second: Math.round(hopsPerSecond) } : {};
}

async function startAll(plans, url, makeOf) {
  const subjects = {};
  for (const [name, plan] of Object.entries(plans)) subjects[name] = await Subject.start(plan.module, makeOf(plan), url, plan.options);
  return subjects;
}

function stopAll(subjects) {
  for (const subject of Object.values(subjects)) subject.stop();
}
