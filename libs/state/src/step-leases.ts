import { redisKeys } from '@cascade/contracts';
import type { Redis } from 'ioredis';
import { renewHeld } from './renew-held.js';
import type { HeldStep, Reservations } from './reservations.js';

/**
 * The steps that this process runs now. Their leases, and what those that are paid for reserved at their tenants, are
 * renewed together, by one timer that runs while there are any.
 */
export class StepLeases {
  private readonly held = new Map<HeldStep, { readonly isPaid: boolean }>();
  private timer: NodeJS.Timeout | undefined;

  /** `ttlMs`: how long the steps of a process that died stay reserved for it. Renewed every third of it. */
  constructor(private readonly redis: Redis, readonly reservations: Reservations, readonly ttlMs: number) {}

  /** Keeps the lease of a step that was begun while `work` runs; gives it back, with its reservation, when that throws. */
  async during<T>(step: HeldStep, isPaid: boolean, work: () => Promise<T>): Promise<T> {
    this.held.set(step, { isPaid });
    this.timer ??= setInterval(() => void this.renew(), this.ttlMs / 3).unref();
    try {
      return await work();
    } catch (error) {
      await this.send(0, [step]);
      throw error;
    } finally {
      this.held.delete(step);
      if (this.held.size === 0) this.close();
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private renew(): Promise<void> {
    return this.send(this.ttlMs, [...this.held.keys()]);
  }

  /** What cannot be renewed or given back lapses: nothing else depends on it. */
  private async send(ms: number, steps: readonly HeldStep[]): Promise<void> {
    const leases = [...Map.groupBy(steps, ({ cascadeId }) => cascadeId)].map(([id, held]) => renewHeld(this.redis, redisKeys.leases(id), ms, held.map(({ step, fence }) => ({ field: step, fence }))));
    const paid = steps.filter((step) => this.held.get(step)?.isPaid);
    const reservations = [...Map.groupBy(paid, ({ tenant }) => tenant)].map(([tenant, held]) => this.reservations.renew(tenant, held, ms));
    await Promise.allSettled([...leases, ...reservations]);
  }
}
