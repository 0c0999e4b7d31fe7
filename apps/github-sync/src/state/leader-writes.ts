import { Injectable } from '@nestjs/common';
import { cancelled, redisKeys, toFlatEntry, type DataOf, type EventDefinition } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import { currentTraceparent } from '@cascade/telemetry';
import { Redis } from 'ioredis';
import { LEADER } from '../queue/matter-queue.js';

const script = new RedisScript(new URL('./lua/write-as-leader.lua', import.meta.url));

/** What a leader has while it does something: its token, and a signal that aborts when it stops or leads no more. */
export interface Hand {
  readonly token: number;
  readonly signal: AbortSignal;
}

export interface LeaderWrite {
  readonly operation: 'HSET' | 'HSETNX' | 'HDEL' | 'SADD' | 'SET' | 'ZADD' | 'XADD' | 'PEXPIRE' | 'DEL' | 'DUE';
  readonly key: string;
  readonly args: readonly string[];
}

/** What of a hash must still be so; `''` stands for a field that does not exist. */
export interface Expected {
  readonly key: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** All that github-sync writes in Redis by itself: only while it leads, so that one who was frozen overwrites nothing. */
@Injectable()
export class LeaderWrites {
  constructor(private readonly redis: Redis) {}

  /** All of it or nothing; false when something else than expected is there. Throws a cancelled error when another process leads. */
  async write(hand: Hand, writes: readonly LeaderWrite[], expected: Expected = { key: redisKeys.lease(LEADER), fields: {} }): Promise<boolean> {
    const keys = [redisKeys.lease(LEADER), expected.key, ...new Set(writes.map(({ key }) => key))];
    const expectations = Object.entries(expected.fields).flat();
    const result = await script.runPacked(this.redis, keys, [
      String(hand.token), expectations.length / 2, ...expectations,
      writes.length, ...writes.flatMap(({ operation, key, args }) => [operation, keys.lastIndexOf(key) + 1, args.length, ...args]),
    ]);
    if (result === -1) throw cancelled('Another process leads github-sync.');
    return result === 1;
  }
}

/** Fields of a hash: undefined ones are removed. */
export function hashWrites(key: string, fields: Readonly<Record<string, string | number | undefined>>): LeaderWrite[] {
  const set = Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [field, String(value)]));
  const gone = Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [field] : []));
  return [
    ...(set.length === 0 ? [] : [{ operation: 'HSET', key, args: set } as const]),
    ...(gone.length === 0 ? [] : [{ operation: 'HDEL', key, args: gone } as const]),
  ];
}

export const SOURCE = `urn:cascade:${LEADER}`;

/** `id`: the same whenever the same is published again. `at`: Unix milliseconds. */
interface EventPlace {
  readonly id: string;
  readonly cascadeId: string;
  readonly subject: string;
  readonly at: number;
}

export function eventWrite<D extends EventDefinition>(definition: D, data: DataOf<D>, { id, cascadeId, subject, at }: EventPlace): LeaderWrite {
  const traceparent = currentTraceparent();
  const entry = toFlatEntry({ id, type: definition.type, source: SOURCE, time: new Date(at).toISOString(), subject, cascadeId, dataschema: definition.dataschema, data, ...(traceparent === undefined ? {} : { traceparent }) });
  return { operation: 'XADD', key: redisKeys.stream(definition.type), args: ['*', ...entry] };
}
