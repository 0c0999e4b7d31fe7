import { redisKeys } from '@cascade/contracts';
import { redisTime } from '@cascade/streams';
import type { Redis } from 'ioredis';

/** Less time left than this, in milliseconds, is a risk. */
export const RISK_MS = 5 * 60_000;
/** Less of its time left than this part is a risk. */
export const RISK_PART = 0.1;
/** The longest time that a cascade may be given is a day: a tenth of it. */
const HORIZON_MS = 24 * 3_600_000 * RISK_PART;
/** Most deadlines that are looked at; more are at most as urgent. */
export const MAX_LOOKED_AT = 1_000;
const LAST_TIER = 3;

export interface CascadeTime {
  /** Unix ms. */
  readonly createdAt: number;
  readonly deadline: number;
  readonly tier: number;
}

/** In the last tier most of the way is behind, and nobody need be alarmed. */
export function isAtRisk({ createdAt, deadline, tier }: CascadeTime, now: number): boolean {
  const left = deadline - now;
  return tier < LAST_TIER && (left < RISK_MS || left < RISK_PART * (deadline - createdAt));
}

/** How many cascades that are running may not end in time. */
export async function countDeadlinesAtRisk(redis: Redis): Promise<number> {
  const now = await redisTime(redis);
  const ids = await redis.zrangebyscore(redisKeys.deadlines, '-inf', now + HORIZON_MS, 'LIMIT', 0, MAX_LOOKED_AT);
  const records = await Promise.all(ids.map((id) => redis.hmget(redisKeys.cascade(id), 'state', 'created_at', 'deadline', 'tier')));
  return records.filter(([state, createdAt, deadline, tier]) =>
    state === 'running' && isAtRisk({ createdAt: Date.parse(createdAt ?? ''), deadline: Date.parse(deadline ?? ''), tier: Number(tier ?? 0) }, now)).length;
}
