import { redisKeys } from '@cascade/contracts';
import { creationLimits, drainTime, repositoryNamed } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote, withPartitions } from '../place.js';
import { harmless, oneLine, type Screen } from '../screen.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Given-up matters that are shown, and keys that are looked through for the limits. */
const MAX_SHOWN = 50;
const MAX_SCANS = 1_000;

interface Mirrored {
  readonly repository: string;
  /** RFC 3339: changes up to then were looked for. */
  readonly sweptUntil: string | undefined;
}

interface OfPartition {
  readonly linked: Readonly<Record<string, string>>;
  readonly mirrored: readonly Mirrored[];
  /** Matters that are to be made the same on both sides: in hand, due now, and those that wait for a retry. */
  readonly inHand: number;
  readonly due: number;
  readonly later: number;
  readonly oldestDueMs: number;
  /** Replies that people wait for. */
  readonly asked: number;
  readonly givenUp: readonly { readonly matter: string; readonly problem: unknown }[];
}

interface Limit {
  /** Of the credentials: an App's installation, or a token's digest. */
  readonly installation: string;
  readonly lastMinute: number;
  readonly lastHour: number;
  /** Until all that waits could have been created, if each of it creates something. */
  readonly drainMs: number;
}

/** Shows how the mirror stands, from Redis alone: neither services nor GitHub are asked. */
export async function status(options: SharedOptions, context: CommandContext): Promise<number> {
  const { screen, env } = context;
  return withPlace(context, isRemote(env, options.remote), async (place) => {
    const found = await withPartitions(place, async (partitions) => {
      const queue = sumOf(await Promise.all(partitions.map(lookAt)));
      return { ...queue, ...await sharedOf(partitions[0]!, queue.inHand + queue.due + queue.later + queue.asked) };
    });
    if (options.json === true) screen.data(JSON.stringify(found));
    else tell(found, screen);
    return exitCodes.done;
  });
}

type Found = OfPartition & Awaited<ReturnType<typeof sharedOf>>;

async function lookAt(redis: Redis): Promise<OfPartition> {
  const now = await redisTime(redis);
  const [linked, names, inHand, due, all, [, oldest], asked, parked] = await Promise.all([
    redis.hgetall(redisKeys.githubRepositories), redis.smembers(redisKeys.githubMirrored), redis.zcount(redisKeys.githubDirty, '-inf', '(0'), redis.zcount(redisKeys.githubDirty, '0', String(now)), redis.zcard(redisKeys.githubDirty),
    redis.zrangebyscore(redisKeys.githubDirty, '0', String(now), 'WITHSCORES', 'LIMIT', 0, 1), redis.zcard(redisKeys.githubAsked), redis.hgetall(redisKeys.githubParked),
  ]);
  const mirrored = await Promise.all(names.toSorted().map(async (repository) => ({ repository, sweptUntil: await redis.hget(redisKeys.githubSweep(repository), 'cursor') ?? undefined })));
  return {
    linked, mirrored, inHand, due, later: all - due - inHand, oldestDueMs: due === 0 ? 0 : Math.max(0, now - Number(oldest)), asked,
    givenUp: Object.entries(parked).map(([matter, problem]) => ({ matter, problem: problemOf(problem) })),
  };
}

function problemOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function sumOf(all: readonly OfPartition[]): OfPartition {
  const sum = (of: (one: OfPartition) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    linked: Object.assign({}, ...all.map(({ linked }) => linked)), mirrored: all.flatMap(({ mirrored }) => mirrored), givenUp: all.flatMap(({ givenUp }) => givenUp),
    inHand: sum(({ inHand }) => inHand), due: sum(({ due }) => due), later: sum(({ later }) => later), asked: sum(({ asked }) => asked), oldestDueMs: Math.max(...all.map(({ oldestDueMs }) => oldestDueMs)),
  };
}

/** What is kept once, in the first partition. */
async function sharedOf(redis: Redis, waiting: number) {
  const [hooks, caughtUp, now, buckets] = await Promise.all([redis.hgetall(redisKeys.githubHooks), redis.hgetall(redisKeys.githubCaughtUp), redisTime(redis), bucketsOf(redis)]);
  const limits = await Promise.all(buckets.map(async (installation): Promise<Limit> => {
    const scored = await redis.zrange(redisKeys.githubBucket(installation), 0, '-1', 'WITHSCORES');
    const times = scored.filter((_, index) => index % 2 === 1).map(Number);
    const within = (ms: number): number => times.filter((at) => at > now - ms).length;
    return { installation, lastMinute: within(MINUTE_MS), lastHour: within(HOUR_MS), drainMs: drainTime(times, now, waiting) };
  }));
  const caughtUpUntil = (name: string): string | undefined => (caughtUp[name] === undefined ? undefined : new Date(Number(caughtUp[name])).toISOString());
  return { hooks: Object.entries(hooks).filter(([name]) => repositoryNamed(name) !== undefined).map(([repository, id]) => ({ repository, id: Number(id), caughtUpUntil: caughtUpUntil(repository) })), limits };
}

/** Installations that created something within the last hour. */
async function bucketsOf(redis: Redis): Promise<string[]> {
  const start = `${redis.options.keyPrefix ?? ''}${redisKeys.githubBucket('')}`;
  const found = new Set<string>();
  let cursor = '0';
  for (let scans = 0; scans < MAX_SCANS; scans += 1) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${start.replaceAll(/[[\]*?\\]/g, String.raw`\$&`)}*`, 'COUNT', 1_000);
    for (const key of keys) found.add(key.slice(start.length));
    cursor = next;
    if (cursor === '0') break;
  }
  return [...found].toSorted();
}

function tell({ linked, mirrored, hooks, inHand, due, later, asked, oldestDueMs, givenUp, limits }: Found, screen: Screen): void {
  for (const { repository, id, caughtUpUntil } of hooks) screen.data(`${harmless(repository)}  hook ${id}${caughtUpUntil === undefined ? '' : `  failed deliveries looked for up to ${caughtUpUntil}`}`);
  for (const [address, repository] of Object.entries(linked)) screen.data(`${harmless(address)}  belongs to ${harmless(repository)}`);
  for (const { repository, sweptUntil } of mirrored) screen.data(`${harmless(repository)}  mirrored${sweptUntil === undefined ? '' : `, changes seen up to ${harmless(sweptUntil)}`}`);
  screen.data(`queue: ${inHand} in hand, ${due} due${due === 0 ? '' : ` (oldest for ${Math.round(oldestDueMs / 1_000)} s)`}, ${later} later, ${asked} replies; ${givenUp.length} given up`);
  for (const { matter, problem } of givenUp.slice(0, MAX_SHOWN)) screen.data(`  ${oneLine(matter, 100)}  ${oneLine(JSON.stringify(problem), 200)}`);
  const allowed = (windowMs: number): number | undefined => creationLimits.find((limit) => limit.windowMs === windowMs)?.count;
  for (const { installation, lastMinute, lastHour, drainMs } of limits) screen.data(`${harmless(installation)}: created ${lastMinute} of ${allowed(MINUTE_MS)} in a minute, ${lastHour} of ${allowed(HOUR_MS)} in an hour; what waits takes up to ${Math.ceil(drainMs / MINUTE_MS)} min`);
}
