import { redisKeys } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';

const renewScript = new RedisScript(new URL('./lua/renew-steps.lua', import.meta.url));

interface HeldStep {
  readonly cascadeId: string;
  readonly tenant: string;
  readonly step: string;
  readonly fence: number;
}

/** The steps that this process runs now. Their leases are renewed together, by one timer that runs while there are any. */
export class StepLeases {
  private readonly held = new Set<HeldStep>();
  private timer: NodeJS.Timeout | undefined;

  /** `ttlMs`: how long the steps of a process that died stay reserved for it. Renewed every third of it. */
  constructor(private readonly redis: Redis, readonly ttlMs: number) {}

  /** Keeps the lease of a step that was begun while `work` runs; gives it back when that throws. */
  async during<T>(step: HeldStep, work: () => Promise<T>): Promise<T> {
    this.held.add(step);
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

  private async renew(): Promise<void> {
    const byCascade = Map.groupBy(this.held, (held) => held.cascadeId);
    await Promise.all([...byCascade.values()].map((steps) => this.send(this.ttlMs, steps)));
  }

  /** A lease that cannot be renewed or given back lapses: nothing else depends on it. */
  private async send(ms: number, steps: readonly [HeldStep, ...HeldStep[]] | HeldStep[]): Promise<void> {
    const [first] = steps;
    if (first === undefined) return;
    const keys = [redisKeys.leases(first.cascadeId), redisKeys.tenantReservations(first.tenant)];
    await renewScript.run(this.redis, keys, [ms, first.cascadeId, ...steps.flatMap(({ step, fence }) => [step, fence])]).catch(() => undefined);
  }
}
