import type { Redis } from 'ioredis';
import { isGroupMissing } from './consumer-groups.js';
import { groupsOf } from './lag.js';
import { fieldsOf } from './stream-entry.js';
import { streamsOfType } from './stream-lists.js';
import { waitingName } from './waiting-name.js';

/** Whether anybody works as a service. Ages are in milliseconds by Redis' clock. */
export interface Presence {
  /** Since one of its processes last asked for work, which a living one does every few seconds; undefined: none is connected. */
  readonly silentMs: number | undefined;
  /** Since one of them was last given something, as far as their names are still there. */
  readonly lastWorkMs: number | undefined;
}

/**
 * Who works, of all services that ever read events or commands of these types: a group outlives every process, and Redis 7.0
 * touches the name of a consumer only when there is something for it, so connections are asked. Throws what Redis throws,
 * `NOPERM` among it where the user may not see connections (`CLIENT LIST`).
 */
export async function readPresence(redis: Redis, types: readonly string[]): Promise<ReadonlyMap<string, Presence>> {
  const streams = types.map((type) => streamsOfType(type)[0]!);
  const [list, found] = await Promise.all([redis.client('LIST') as Promise<string>, Promise.all(streams.map((stream) => idlesOf(redis, stream)))]);
  const waiting = list.split('\n').map((line) => ({ name: / name=(\S+)/.exec(line)?.[1] ?? '', idleMs: 1_000 * Number(/ idle=(\d+)/.exec(line)?.[1]) }));
  const presences = new Map<string, Presence>();
  for (const { group, idleMs } of found.flat()) {
    const silentMs = least(waiting.filter(({ name }) => waitingName.isOf(group, name)).map((one) => one.idleMs));
    presences.set(group, { silentMs, lastWorkMs: least([presences.get(group)?.lastWorkMs, idleMs]) });
  }
  return presences;
}

/** Each group of a stream, with the age of the last that a consumer of it was given. */
async function idlesOf(redis: Redis, stream: string): Promise<{ readonly group: string; readonly idleMs: number | undefined }[]> {
  const groups = (await groupsOf(redis, stream)).map((group) => String(group['name']));
  return Promise.all(groups.map(async (group) => {
    const consumers = (await redis.xinfo('CONSUMERS', stream, group).catch((error: unknown) => {
      if (isGroupMissing(error)) return [];
      throw error;
    })) as (string | number)[][];
    return { group, idleMs: least(consumers.map((flat) => Number(fieldsOf<string | number>(flat)['idle']))) };
  }));
}

function least(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
