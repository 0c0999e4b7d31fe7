import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Agents, Cascades, Leadership, readDue } from '@cascade/state';
import { Redis } from 'ioredis';
import { decideSweep, type SweepAction } from './sweep.js';

/** How often deadlines are looked at, in milliseconds: well inside the grace of 30 s that a cascade's end may take. */
export const SWEEP_EVERY_MS = 500;

/**
 * Ends cascades whose deadline has passed, even when every worker hangs, and agents whose time is over. The leader does
 * it; that two would do it, for a moment, does no harm, because each script looks at state and deadline again.
 */
@Injectable()
export class DeadlineSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DeadlineSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private failing = false;

  constructor(private readonly redis: Redis, private readonly cascades: Cascades, private readonly agents: Agents, private readonly leadership: Leadership) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweepSafely().finally(() => (this.sweeping = undefined));
    }, SWEEP_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Does what is due by Redis' clock. */
  async sweep(): Promise<void> {
    for (const action of decideSweep(await readDue(this.redis))) await this.act(action);
  }

  private async act(action: SweepAction): Promise<void> {
    switch (action.kind) {
      case 'time-out': return void await this.cascades.timeOut(action.cascadeId, new Date(action.deadline).toISOString());
      case 'forget': return this.cascades.forgetDeadline(action.member);
      case 'expire-agent': return void await this.agents.expire(action.agentId, action.deadline);
      case 'follow': return this.agents.follow(action.agentId, action.deadline);
    }
  }

  /** Redis may be away for a while: said once, and tried again at the next turn. */
  private async sweepSafely(): Promise<void> {
    try {
      if (await this.leadership.lead()) await this.sweep();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`Deadlines cannot be read: ${(error as Error).message}`);
      this.failing = true;
    }
  }
}
