import { entryMs, streamKeys } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { fieldsOf } from './stream-entry.js';
import { retryStreamsOf, streamsOfType } from './stream-lists.js';

/** Most undelivered entries that are counted one by one, where Redis does not know their number. */
export const MAX_COUNTED = 1_000;

/** Where one group stands in one stream. Ages are in milliseconds by Redis' clock, 0 when there is nothing of the kind. */
export interface GroupLag {
  readonly stream: string;
  readonly group: string;
  /** Entries of the stream, delivered ones too. */
  readonly length: number;
  /** Entries that the group has not been given yet. */
  readonly lag: number;
  /** True when `lag` was counted up to the bound, and may be more. */
  readonly isAtLeast: boolean;
  /** Entries that were given to a consumer and are not acknowledged. */
  readonly pending: number;
  readonly oldestPendingMs: number;
  readonly oldestUndeliveredMs: number;
}

/** What waits for one service beside its streams. */
export interface ServiceLag {
  readonly service: string;
  readonly deadLetters: number;
  readonly delayedRetries: number;
}

export interface Lag {
  readonly groups: readonly GroupLag[];
  readonly services: readonly ServiceLag[];
}

/** Reads how far every service is behind with the events and commands of these types. Reads only; throws what Redis throws. */
export async function readLag(redis: Redis, types: readonly string[]): Promise<Lag> {
  const [seconds] = await redis.time();
  const now = Number(seconds) * 1000;
  const main = (await Promise.all(types.map((type) => readLanes(redis, streamsOfType(type), now)))).flat();
  const services = [...new Set(main.map(({ group }) => group))].toSorted((a, b) => (a < b ? -1 : 1));
  const retries = (await Promise.all(services.map((service) => readLanes(redis, retryStreamsOf(service), now)))).flat();
  return { groups: [...main, ...retries], services: await Promise.all(services.map((service) => readService(redis, service))) };
}

/** The services that have read any event or command of these types: the names of the groups. */
export async function servicesOf(redis: Redis, types: readonly string[]): Promise<string[]> {
  const groups = await Promise.all(types.flatMap(streamsOfType).map((stream) => groupsOf(redis, stream)));
  return [...new Set(groups.flat().map((group) => String(group['name'])))];
}

async function readService(redis: Redis, service: string): Promise<ServiceLag> {
  const [deadLetters, delayedRetries] = await Promise.all([redis.xlen(streamKeys.deadLetters(service)), redis.zcard(streamKeys.delayed(service))]);
  return { service, deadLetters, delayedRetries };
}

/** A service that has not met a lane yet, because it is away, has no group there: all of that lane waits for it. */
async function readLanes(redis: Redis, streams: readonly string[], now: number): Promise<GroupLag[]> {
  const found = await Promise.all(streams.map((stream) => readStream(redis, stream, now)));
  const usual = found[0]?.groups ?? [];
  return found.flatMap(({ stream, groups, length, oldestMs }) => {
    const unmet = length === 0 ? [] : usual.filter(({ group }) => groups.every((known) => known.group !== group));
    return [...groups, ...unmet.map(({ group }) => ({ stream, group, length, lag: length, isAtLeast: false, pending: 0, oldestPendingMs: 0, oldestUndeliveredMs: oldestMs }))];
  });
}

async function readStream(redis: Redis, stream: string, now: number): Promise<{ stream: string; groups: GroupLag[]; length: number; oldestMs: number }> {
  const [groups, length, first] = await Promise.all([groupsOf(redis, stream), redis.xlen(stream), redis.xrange(stream, '-', '+', 'COUNT', 1)]);
  return { stream, groups: await Promise.all(groups.map((group) => readGroup(redis, { stream, group, length, now }))), length, oldestMs: ageOf(first[0]?.[0], now) };
}

/** A stream that does not exist has no groups. */
export async function groupsOf(redis: Redis, stream: string): Promise<Record<string, unknown>[]> {
  const reply = (await redis.xinfo('GROUPS', stream).catch((error: Error) => {
    if (/no such key/i.test(error.message)) return [];
    throw error;
  })) as unknown[][];
  return reply.map((flat) => fieldsOf<unknown>(flat));
}

interface Place {
  readonly stream: string;
  readonly group: Record<string, unknown>;
  readonly length: number;
  readonly now: number;
}

async function readGroup(redis: Redis, { stream, group, length, now }: Place): Promise<GroupLag> {
  const [name, after] = [String(group['name']), `(${String(group['last-delivered-id'])}`];
  const [next, oldest] = await Promise.all([redis.xrange(stream, after, '+', 'COUNT', 1), redis.xpending(stream, name, '-', '+', 1)]);
  const known = group['lag'];
  // Redis does not know it after some deletions and for groups made in the middle, and says too much after some trims.
  const counted = next.length === 0 ? 0 : typeof known === 'number' ? known : (await redis.xrange(stream, after, '+', 'COUNT', MAX_COUNTED)).length;
  return {
    stream, group: name, length,
    lag: counted,
    isAtLeast: typeof known !== 'number' && counted === MAX_COUNTED,
    pending: Number(group['pending']),
    oldestPendingMs: ageOf((oldest as [string, ...unknown[]][])[0]?.[0], now),
    oldestUndeliveredMs: ageOf(next[0]?.[0], now),
  };
}

/** How long ago an entry was written; an id may be ahead of the clock. */
function ageOf(id: string | undefined, now: number): number {
  return id === undefined ? 0 : Math.max(0, now - entryMs(id));
}
