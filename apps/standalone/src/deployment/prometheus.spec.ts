import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, it, jest } from '@jest/globals';
import { cascadeCleaned, cascadeRequested, docsStats, redisKeys } from '@cascade/contracts';
import { freePort, itWith, priceList, removeTemporaryFolders, sampleGitRepository, startTestRedis, temporaryHome, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { startStandalone } from '../standalone.js';
import { DocsCaller } from '../testing/docs-caller.js';
import { startPriceListOnGitHub } from '../testing/price-list-on-github.js';
import { checkout } from './testing/checkout.js';
import { dashboards } from './testing/monitoring/dashboards.js';
import { RunningPrometheus } from './testing/monitoring/running-prometheus.js';

const LONGEST_MS = 600_000;
jest.setTimeout(2 * LONGEST_MS);

const closing: (() => Promise<unknown> | void)[] = [];
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  removeTemporaryFolders();
});

interface Watched {
  readonly env: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly request: string;
  /** Dashboards of which every panel has to show something. */
  readonly shown: typeof dashboards;
  readonly end: string;
}

/** Asks for a cascade while a real Prometheus watches, waits for its end, and looks at every panel. */
async function watch({ env, repository, request, shown, end }: Watched): Promise<void> {
  const server = await startTestRedis();
  closing.push(() => server.stop());
  const ops = await freePort();
  const standalone = await startStandalone({
    ...process.env, ...env, ...temporaryHome(), REDIS_URL: server.url, CASCADE_HEALTH_PORT: String(ops),
    OPENAI_BASE_URL: '', OPENAI_API_KEY: '', CASCADE_LLM_REPLAY: priceList.recording, CASCADE_USD_PER_1M_PROMPT_TOKENS: '1', CASCADE_USD_PER_1M_COMPLETION_TOKENS: '5',
  });
  closing.push(() => standalone.stop());
  const prometheus = await RunningPrometheus.start(ops, join(checkout, 'deploy/prometheus/alerts.yml'));
  closing.push(() => prometheus.stop());
  const [caller, redis] = [new DocsCaller(server.url), new Redis(server.url)];
  closing.push(() => caller.close(), () => redis.disconnect());
  const { cascadeId } = await caller.publisher.publish(cascadeRequested, { request, repository });
  await untilTrue(async () => {
    await caller.ask(docsStats, { repository }).catch(() => undefined);
    return await redis.exists(redisKeys.stream(cascadeCleaned.type)) === 1;
  }, 'the end of the cascade', LONGEST_MS);
  expect(await redis.hget(redisKeys.cascade(cascadeId), 'state')).toBe(end);

  let missing = shown.flatMap(({ title, panels }) => panels.flatMap((panel) => (panel.quiet === undefined ? Object.keys(panel.queries).map((query) => ({ where: `${title} / ${panel.title}`, query })) : [])));
  await untilTrue(async () => {
    const found = await Promise.all(missing.map(({ query }) => prometheus.hasData(query)));
    missing = missing.filter((_, index) => !found[index]);
    return missing.length === 0;
  }, 'data', 60_000).catch(() => undefined);
  expect(missing).toEqual([]);
  expect(await prometheus.alerting()).toEqual([]); // nothing is wrong
  const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
  const linted = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect([linted.status, linted.stdout + linted.stderr]).toEqual([0, '']);
  expect(text).not.toContain(cascadeId); // no ids in labels
  expect(text).not.toContain(repository);
}

/** Only `npm run check:dashboards` asks for them: Prometheus scrapes by the clock, and what a busy machine makes it miss is no fault of a panel. */
const itWithPrometheus = process.env['CASCADE_CHECK_DASHBOARDS'] === '1' ? itWith(['prometheus', '--version'], 'the queries of the dashboards against a running system (Debian: prometheus)') : it.skip;

itWithPrometheus('the panels of streams and cascades show data of a cascade that a real Prometheus watched', async () => {
  const { folder } = sampleGitRepository({ 'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n', 'test/a.test.js': "import { test } from 'node:test';\n\ntest('a', () => undefined);\n" });
  await watch({ env: {}, repository: folder, request: 'Something that was not recorded', shown: dashboards.slice(0, 2), end: 'failed' });
});

/** Takes as long as the demo does. */
itWithPrometheus('every panel shows data of a whole cascade on GitHub', async () => {
  const { github, url, env } = await startPriceListOnGitHub();
  closing.push(() => github.close());
  await watch({ env, repository: url, request: priceList.request, shown: dashboards, end: 'completed' });
});

it('exceptions are few', () => {
  expect(dashboards.flatMap(({ panels }) => panels).filter(({ quiet }) => quiet !== undefined).length).toBeLessThanOrEqual(4);
});
