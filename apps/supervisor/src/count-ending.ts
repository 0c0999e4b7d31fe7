import { redisKeys, tierNames } from '@cascade/contracts';
import { runMetrics } from '@cascade/telemetry';
import type { Redis } from 'ioredis';

export type Ending = 'completed' | 'failed' | 'timed_out' | 'cancelled';

/** An alarm on the first failure needs a beginning. */
export function beginEndings(): void {
  for (const metric of [runMetrics.ended, runMetrics.spent, runMetrics.seconds, runMetrics.tierSeconds, runMetrics.deadlineUsed]) metric.begin();
}

/** Counts a cascade that ended: how, where, after how long, and what it cost. One of which nothing is known is not counted. */
export async function countEnding(redis: Redis, cascadeId: string, outcome: Ending): Promise<void> {
  const record = await redis.hgetall(redisKeys.cascade(cascadeId));
  const [created, ended, deadline] = [record['created_at'], record['ended_at'], record['deadline']].map((at) => Date.parse(at ?? '')) as [number, number, number];
  if (Number.isNaN(created + ended)) return;
  const reached = tierNames[Number(record['tier'] ?? -1)];
  runMetrics.ended.add({ outcome, tier: reached ?? 'none' });
  runMetrics.seconds.observe({ outcome }, Math.max(0, ended - created) / 1_000);
  runMetrics.spent.add({ outcome }, Math.max(0, Number(record['usage_usd'] ?? 0)));
  if (deadline > created) runMetrics.deadlineUsed.observe({ outcome }, Math.max(0, ended - created) / (deadline - created));
  const begins = tierNames.map((_, tier) => Date.parse(record[`tier_${tier}_at`] ?? ''));
  for (const [tier, begin] of begins.entries()) {
    if (Number.isNaN(begin)) continue;
    const next = begins.slice(tier + 1).find((later) => !Number.isNaN(later)) ?? ended;
    runMetrics.tierSeconds.observe({ tier: tierNames[tier]! }, Math.max(0, next - begin) / 1_000);
  }
}
