import { redisKeys, type Problem } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';

const script = {
  take: new RedisScript(new URL('./lua/take-matter.lua', import.meta.url)),
  settle: new RedisScript(new URL('./lua/settle-matter.lua', import.meta.url)),
};

/** Of the lease; also what begins its key. */
export const LEADER = 'github-sync';

export interface Taken {
  readonly member: string;
  /** How often it was taken since it was last done, this time included. */
  readonly attempt: number;
  /** Trace context of what made it due last. */
  readonly traceparent?: string | undefined;
}

/** One of the two sorted sets, as the leader works through it. Every call names the leader's token, and does nothing for a former one. */
export class MatterQueue {
  constructor(private readonly redis: Redis, readonly key: typeof redisKeys.githubDirty | typeof redisKeys.githubAsked) {}

  /** What is due for longest; undefined when nothing is, or another process leads. */
  async take(token: number): Promise<Taken | undefined> {
    const taken = await script.take.run(this.redis, [this.key, redisKeys.githubAttempts, redisKeys.lease(LEADER), redisKeys.githubTraces], [token]) as [string, number, string] | null;
    return taken === null ? undefined : { member: taken[0], attempt: taken[1], traceparent: taken[2] || undefined };
  }

  done(token: number, member: string): Promise<void> {
    return this.settle(token, member, 'done', '');
  }

  /** Unless `counts`, the attempt is forgotten: it failed by no fault of the matter. */
  later(token: number, member: string, delayMs: number, counts: boolean): Promise<void> {
    return this.settle(token, member, counts ? 'later' : 'again', Math.ceil(delayMs));
  }

  /** It is tried again when it changes. */
  park(token: number, member: string, problem: Problem): Promise<void> {
    return this.settle(token, member, 'parked', JSON.stringify({ ...problem, at: new Date().toISOString() }));
  }

  private async settle(token: number, member: string, how: string, argument: string | number): Promise<void> {
    await script.settle.run(this.redis, [this.key, redisKeys.githubAttempts, redisKeys.githubParked, redisKeys.lease(LEADER), redisKeys.githubTraces], [token, member, how, argument]);
  }
}
