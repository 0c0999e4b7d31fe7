import type { Redis } from 'ioredis';
import { redisKeys, terminal } from '@cascade/contracts';
import type { CascadeRecord } from './cascade-record.js';
import { Cascades, MAX_LISTED } from './cascades.js';

/** Ids that are read at once while those of one millisecond are told apart. */
const TIES = 50;

/** A place in the list of cascades, newest first: what follows it is older. */
export interface ListPlace {
  /** When it was asked for, in Unix milliseconds. */
  readonly at: number;
  readonly id: string;
}

export interface FoundCascade {
  /** The partition that knows it. */
  readonly redis: Redis;
  readonly record: CascadeRecord;
}

/** The cascades of every partition, as if they were in one place. */
export class CascadeDirectory {
  /** Connections to all partitions, in their order. */
  constructor(private readonly partitions: readonly Redis[]) {}

  /** A cascade's id does not tell its partition: each is asked. */
  async find(id: string): Promise<FoundCascade | undefined> {
    const records = await Promise.all(this.partitions.map((redis) => new Cascades(redis).find(id)));
    const index = records.findIndex((record) => record !== undefined);
    return index === -1 ? undefined : { redis: this.partitions[index]!, record: records[index]! };
  }

  /** Throws `CASC_CASCADE_UNKNOWN` (terminal). */
  async require(id: string): Promise<FoundCascade> {
    const found = await this.find(id);
    if (found === undefined) throw terminal('CASC_CASCADE_UNKNOWN', `There is no cascade ${JSON.stringify(id.slice(0, 100))}.`, { advice: '`cascade list` shows the known ones.' });
    return found;
  }

  /** Newest first, at most `limit`; those after a place, or from the newest on. */
  async list(limit: number = 50, after?: ListPlace): Promise<CascadeRecord[]> {
    const most = Math.min(limit, MAX_LISTED);
    const places = await Promise.all(this.partitions.map(async (redis) => (await olderThan(redis, after, most)).map((place) => ({ ...place, redis }))));
    const next = places.flat().toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, most);
    const records = await Promise.all(next.map(({ redis, id }) => new Cascades(redis).find(id)));
    return records.filter((record) => record !== undefined);
  }
}

/** Redis sorts those of one time by id, backwards here; the ones up to `after` among them are passed over. */
async function olderThan(redis: Redis, after: ListPlace | undefined, limit: number): Promise<ListPlace[]> {
  const found: ListPlace[] = [];
  for (let offset = 0; found.length < limit;) {
    const count = limit - found.length + (after === undefined ? 0 : TIES);
    const flat = await redis.zrevrangebyscore(redisKeys.cascades, after?.at ?? '+inf', '-inf', 'WITHSCORES', 'LIMIT', offset, count);
    for (let index = 0; index < flat.length; index += 2) {
      const place = { id: flat[index]!, at: Number(flat[index + 1]) };
      if (after === undefined || place.at < after.at || place.id < after.id) found.push(place);
    }
    if (flat.length < 2 * count) break;
    offset += count;
  }
  return found.slice(0, limit);
}
