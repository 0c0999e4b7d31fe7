import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { redisKeys } from '@cascade/contracts';
import { RedisScript, redisTime } from '@cascade/streams';
import { creationLimits, drainTime, type CreationBudget, type CreationLimit } from './creation-budget.js';
import { pause, type Pause } from './limit-waits.js';

const takeCreation = new RedisScript(new URL('./lua/take-creation.lua', import.meta.url));

export interface RedisCreationBudgetOptions {
  readonly limits?: readonly CreationLimit[];
  /** Unix milliseconds; Redis' own clock unless given, because processes' clocks differ. */
  readonly clock?: () => Promise<number>;
  readonly pause?: Pause;
}

/** The budget as a window of times in Redis. Who waits asks again: nothing is reserved that a killed process would keep. */
export class RedisCreationBudget implements CreationBudget {
  readonly #limits: readonly CreationLimit[];
  readonly #clock: () => Promise<number>;
  readonly #pause: Pause;

  constructor(private readonly redis: Redis, options: RedisCreationBudgetOptions = {}) {
    this.#limits = options.limits ?? creationLimits;
    this.#clock = options.clock ?? (() => redisTime(redis));
    this.#pause = options.pause ?? pause;
  }

  async take(installation: string, signal?: AbortSignal): Promise<void> {
    const args = [randomUUID(), ...this.#limits.flatMap((limit) => [limit.count, limit.windowMs])];
    for (;;) {
      signal?.throwIfAborted();
      const wait = Number(await takeCreation.run(this.redis, [redisKeys.githubBucket(installation)], [await this.#clock(), ...args]));
      if (wait === 0) return;
      await this.#pause(wait, signal);
    }
  }

  async timeFor(installation: string, count: number): Promise<number> {
    const [now, scored] = await Promise.all([this.#clock(), this.redis.zrange(redisKeys.githubBucket(installation), 0, '-1', 'WITHSCORES')]);
    return drainTime(scored.filter((_, index) => index % 2 === 1).map(Number), now, count, this.#limits);
  }
}
