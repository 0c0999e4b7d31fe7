import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Cascades } from '@cascade/state';

/** How often deadlines are looked at, in milliseconds: well inside the grace of 30 s that a cascade's end may take. */
export const SWEEP_EVERY_MS = 500;

/**
 * Ends cascades whose deadline has passed, even when every worker hangs. Several supervisors may sweep at once: the
 * script that ends a cascade looks at its state first.
 */
@Injectable()
export class DeadlineSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DeadlineSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private failing = false;

  constructor(private readonly cascades: Cascades) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweepSafely().finally(() => (this.sweeping = undefined));
    }, SWEEP_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Ends what is due at `now` (Unix ms); returns how many cascades it ended. */
  async sweep(now: number = Date.now()): Promise<number> {
    let ended = 0;
    for (const id of await this.cascades.due(now)) {
      const record = await this.cascades.find(id);
      const result = await this.cascades.timeOut(id, record?.deadline ?? new Date(now).toISOString());
      if (result === 'ended') ended += 1;
    }
    return ended;
  }

  /** Redis may be away for a while: said once, and tried again at the next turn. */
  private async sweepSafely(): Promise<void> {
    try {
      await this.sweep();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`Deadlines cannot be read: ${(error as Error).message}`);
      this.failing = true;
    }
  }
}
