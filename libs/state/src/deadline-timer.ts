import type { Redis } from 'ioredis';
import { cancelled, redisKeys } from '@cascade/contracts';
import { redisTime } from '@cascade/streams';

/** Longest delay of a JavaScript timer; a deadline further away is the supervisor's to keep. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Aborts when a cascade's deadline passes. The deadline is read again when its time has come: it moves while a person is
 * asked, and what another handler of the cascade does meanwhile must not be given up. What remains is taken from Redis'
 * clock and waited for by a monotonic one, so that this process's clock may jump.
 */
export class DeadlineTimer {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly redis: Redis, private readonly cascadeId: string, private readonly fallback: string | undefined) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async start(): Promise<void> {
    const [now, given] = await Promise.all([redisTime(this.redis), this.redis.hget(redisKeys.cascade(this.cascadeId), 'deadline')]);
    const deadline = given ?? this.fallback;
    if (deadline === undefined || this.#closed) return;
    const remaining = Date.parse(deadline) - now;
    if (!(remaining <= MAX_TIMER_MS)) return;
    if (remaining <= 0) return this.#controller.abort(cancelled(`The deadline ${deadline} passed.`));
    this.#timer = setTimeout(() => void this.start().catch((error: unknown) => this.#controller.abort(cancelled(`The deadline cannot be read: ${(error as Error).message}`))), remaining).unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
