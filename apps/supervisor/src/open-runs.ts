import { redisKeys, tierNames } from '@cascade/contracts';
import { redisTime } from '@cascade/streams';
import type { RunTier } from '@cascade/telemetry';
import type { Redis } from 'ioredis';
import { isAtRisk } from './deadlines-at-risk.js';

/** Most deadlines that are looked at, the nearest first. */
const MAX_LOOKED_AT = 1_000;
const states = ['running', 'waiting'] as const;

export interface OpenRuns {
  readonly counts: readonly { readonly state: (typeof states)[number]; readonly tier: RunTier; readonly count: number }[];
  /** The largest part of its time that one has used; 0 without any. */
  readonly burn: number;
  /** Those that run and may not end in time. */
  readonly atRisk: number;
}

/** The cascades that have not ended. One that waits with its deadline paused uses no time. */
export async function readOpenRuns(redis: Redis): Promise<OpenRuns> {
  const now = await redisTime(redis);
  const members = await redis.zrange(redisKeys.deadlines, 0, String(MAX_LOOKED_AT - 1));
  const records = await Promise.all(members.map((id) => redis.hmget(redisKeys.cascade(id), 'state', 'tier', 'created_at', 'deadline', 'deadline_left_ms')));
  const open = records.flatMap(([state, tier, created, deadline, left]) => {
    const known = states.find((one) => one === state);
    return known === undefined ? [] : [{ state: known, tier: tierNames[Number(tier ?? -1)] ?? 'none' as const, time: { createdAt: Date.parse(created ?? ''), deadline: Date.parse(deadline ?? ''), tier: Number(tier ?? 0) }, isPaused: left !== null && known === 'waiting' }];
  });
  const count = (state: string, tier: RunTier): number => open.filter((one) => one.state === state && one.tier === tier).length;
  const burns = open.filter(({ isPaused, time: { createdAt, deadline } }) => !isPaused && deadline > createdAt).map(({ time: { createdAt, deadline } }) => Math.max(0, now - createdAt) / (deadline - createdAt));
  const atRisk = open.filter(({ state, time }) => state === 'running' && isAtRisk(time, now)).length;
  return { counts: states.flatMap((state) => ([...tierNames, 'none'] as const).map((tier) => ({ state, tier, count: count(state, tier) }))), burn: Math.max(0, ...burns), atRisk };
}
