import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, type LoggerService } from '@nestjs/common';
import {
  cascadeCompleted, cascadeRequested, publication, redisKeys, specReady, storiesApproved, terminalEvents, toEntry,
  type CascadeSummary, type DataOf, type EventOf, type Outcome, type Run,
} from '@cascade/contracts';
import { Cascades } from '@cascade/state';
import { newEventId, OnEvent, outcome, readLag } from '@cascade/streams';
import { failOnLeaks, payloadSamples, SeededRandom, startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { HostConfig, startService, type RunningService } from './index.js';

/** The same every time unless given: what fails in CI fails here too. */
const seed = Number(process.env['DUPLICATES_SEED'] ?? 20_261_122);
const CASCADES = 40;
const MOST_COPIES = 5;
/** How many entries further on a copy may come. */
const WINDOW = 60;
/** Entries that are added at once. */
const ROUND = 20;
/** In the order of the road: what is quiet up to one of them stays quiet. */
const road = [cascadeRequested, storiesApproved, specReady] as const;
const everything = [...road, ...terminalEvents];
const usage = { promptTokens: 10, completionTokens: 1, usd: 0.01 };

const sampleOf = <D extends typeof storiesApproved | typeof specReady>(definition: D): DataOf<D> => fc.sample(payloadSamples(definition.schema), { numRuns: 1, seed })[0] as DataOf<D>;
const [stories, spec] = [sampleOf(storiesApproved), sampleOf(specReady)];
const summary: CascadeSummary = { branch: 'cascade/1-x', commitSha: 'a'.repeat(40), stories: [], tasks: [], featureDirectory: 'specs/001-x', gate: 'PASS' };

/** What was done outside of Redis, each time that it was done. */
const done: string[] = [];

/** Work that takes some turns, so that copies of one event are under way at the same time. */
async function work(redis: Redis, what: string): Promise<string> {
  done.push(what);
  for (let turn = done.length % 4; turn > 0; turn -= 1) await redis.ping();
  return `result of ${what}`;
}

@Controller()
class FirstHandlers {
  constructor(private readonly redis: Redis, private readonly cascades: Cascades) {}

  @OnEvent(cascadeRequested)
  async stories(event: EventOf<typeof cascadeRequested>, run: Run): Promise<Outcome> {
    const { cascadeId } = event;
    await this.cascades.accept(event);
    const draft = await run.step('draft', () => work(this.redis, `${cascadeId} draft`), { usage: () => usage });
    const workspace = await run.effect({ kind: 'git.workspace', key: 'docs', undo: { repositoryId: 'shop' } }, () => work(this.redis, `${cascadeId} workspace`));
    const review = await run.step('review', () => work(this.redis, `${cascadeId} review`), { usage: () => usage });
    return outcome({ save: [{ key: redisKeys.graph(cascadeId), fields: { draft, workspace, review } }], publish: [publication(storiesApproved, stories)] });
  }
}
@Module({ controllers: [FirstHandlers] })
class FirstModule {}

@Controller()
class SecondHandlers {
  constructor(private readonly redis: Redis, private readonly cascades: Cascades) {}

  @OnEvent(storiesApproved)
  async spec({ cascadeId }: EventOf<typeof storiesApproved>, run: Run): Promise<Outcome> {
    const written = await run.step('spec', () => work(this.redis, `${cascadeId} spec`), { usage: () => usage });
    return outcome({ save: [{ key: redisKeys.graph(cascadeId), fields: { written } }], publish: [publication(specReady, spec)] });
  }

  @OnEvent(specReady)
  async complete({ cascadeId }: EventOf<typeof specReady>, run: Run): Promise<Outcome> {
    await run.effect({ kind: 'git.branch', key: summary.branch, undo: { repositoryId: 'shop', commit: summary.commitSha } }, () => work(this.redis, `${cascadeId} branch`));
    return outcome({ save: [this.cascades.completedWrite(cascadeId, summary)], publish: [publication(cascadeCompleted, { summary })] });
  }
}
@Module({ controllers: [SecondHandlers] })
class SecondModule {}

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined } satisfies LoggerService;
type Fields = string[];
interface Entry { readonly stream: string; readonly fields: Fields }

/** A third has all attributes, a third an id of another kind, a third no time: Redis then says when it came. */
const outside: readonly Entry[] = Array.from({ length: CASCADES }, (_, n) => {
  const id = n % 3 === 0 ? newEventId() : `order-${n}`;
  const { time, ...fields } = toEntry({ id, type: cascadeRequested.type, source: 'urn:test', time: new Date().toISOString(), cascadeId: id, dataschema: cascadeRequested.dataschema, data: { request: `request ${n}`, repository: '/srv/shop' } });
  return { stream: redisKeys.stream(cascadeRequested.type), fields: Object.entries(n % 3 === 2 ? fields : { time: time!, ...fields }).flat() };
});

/** How a world without disturbance, and one full of it, are seen from outside. */
interface World {
  readonly done: readonly string[];
  /** `stream cascade event`, each once. */
  readonly published: readonly string[];
  readonly ends: readonly string[];
  readonly hashes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

failOnLeaks();

describe(`events that come up to ${MOST_COPIES} times, in any order, and after the end (DUPLICATES_SEED=${seed})`, () => {
  let server: TestRedis;
  let redis: Redis;
  let random: SeededRandom;
  /** Entries that the test added itself, so that copies of copies do not multiply for ever. */
  const ours = new Set<string>();

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url, { enableAutoPipelining: true });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  async function add(entries: readonly Entry[]): Promise<void> {
    await Promise.all(entries.map(async ({ stream, fields }) => ours.add(`${stream} ${await redis.xadd(stream, '*', ...fields) as string}`)));
  }

  /** What the services themselves have published on the road after `positions`, which moves on. */
  async function originals(positions: Map<string, string>): Promise<Entry[]> {
    const found = await Promise.all(road.map(async ({ type }) => {
      const stream = redisKeys.stream(type);
      const entries = await redis.xrange(stream, `(${positions.get(stream) ?? '0-0'}`, '+');
      if (entries.length > 0) positions.set(stream, entries.at(-1)![0]);
      return entries.filter(([id]) => !ours.has(`${stream} ${id}`)).map(([, fields]) => ({ stream, fields }));
    }));
    return found.flat();
  }

  const copies = (entry: Entry, least: number): Entry[] => Array.from({ length: least + random.below(MOST_COPIES + 1 - least) }, () => entry);

  /** Each comes at most about `WINDOW` places later than it would. */
  const reordered = (entries: readonly Entry[]): Entry[] =>
    entries.map((entry, index) => ({ entry, place: index + random.below(WINDOW) })).toSorted((a, b) => a.place - b.place).map(({ entry }) => entry);

  async function isQuiet(): Promise<boolean> {
    for (const { type } of road) {
      const { groups, services } = await readLag(redis, [type]);
      if (groups.length === 0 || groups.some(({ lag, pending }) => lag + pending > 0) || services.some(({ delayedRetries }) => delayedRetries > 0)) return false;
    }
    return true;
  }

  /** Adds what came from outside, and again and again what the services published meanwhile, until nothing new comes. */
  async function disturb(): Promise<void> {
    const positions = new Map<string, string>();
    let waiting = reordered(outside.flatMap((entry) => copies(entry, 1)));
    for (;;) {
      await add(waiting.splice(0, ROUND));
      const wasQuiet = waiting.length === 0 && await isQuiet();
      const fresh = await originals(positions);
      waiting = reordered([...waiting, ...fresh.flatMap((entry) => copies(entry, 0))]);
      if (wasQuiet && fresh.length === 0) return;
    }
  }

  async function seenFromOutside(): Promise<World> {
    const streams = everything.map(({ type }) => redisKeys.stream(type));
    const entries = (await Promise.all(streams.map(async (stream) => (await redis.xrange(stream, '-', '+')).map(([, flat]) => {
      const of = (name: string): string => flat[flat.indexOf(name) + 1]!;
      return `${stream} ${of('correlationid')} ${of('id')}`;
    })))).flat();
    const keys = (await redis.keys('cascade:*')).toSorted();
    const hashes = await Promise.all(keys.map(async (key) => [key, await redis.type(key) === 'hash' ? steady(await redis.hgetall(key)) : {}] as const));
    const ends = entries.filter((entry) => terminalEvents.some(({ type }) => entry.startsWith(`${redisKeys.stream(type)} `)));
    return { done: done.toSorted(), published: [...new Set(entries)].toSorted(), ends: ends.toSorted(), hashes: Object.fromEntries(hashes) };
  }

  async function inWorld(live: () => Promise<void>): Promise<World> {
    await redis.flushall();
    done.length = 0;
    random = new SeededRandom(seed);
    const config = new HostConfig(server.url, '/nowhere', '/nowhere', 8, 60_000, undefined);
    const services = [{ name: 'first', module: FirstModule }, { name: 'second', module: SecondModule }];
    const running: RunningService[] = await Promise.all([...services, ...services].map((service) => startService(service, config, silent)));
    try {
      await live();
      await untilTrue(isQuiet, 'nothing to be under way');
      expect(await redis.keys('dead:*')).toEqual([]);
      return await seenFromOutside();
    } finally {
      await Promise.all(running.map((service) => service.stop()));
    }
  }

  it('do what they do when each comes once', async () => {
    const undisturbed = await inWorld(() => add(outside));
    expect(undisturbed.ends).toHaveLength(CASCADES);
    expect(undisturbed.done).toHaveLength(5 * CASCADES);
    expect(undisturbed.published).toHaveLength(4 * CASCADES);
    const disturbed = await inWorld(async () => {
      await disturb();
      const before = await seenFromOutside();
      await add(reordered([...outside, ...await originals(new Map())].flatMap((entry) => copies(entry, 1))));
      await untilTrue(isQuiet, 'the late ones to be refused');
      expect(await seenFromOutside()).toEqual(before);
    });
    expect(disturbed).toEqual(undisturbed);
  }, 300_000);
});

/** Without what the clock says. */
function steady(hash: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(hash).flatMap(([field, text]) => (/^(created_at|ended_at|deadline)$/.test(field) ? [] : [[field, text.replace(/"at":"[^"]*"/, '"at"')]])));
}
