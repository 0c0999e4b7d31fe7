import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { messageTypes } from '@cascade/contracts';
import { moveDueRetries, PeriodicTask, servicesOf } from '@cascade/streams';
import { Redis } from 'ioredis';

/** How often the names of the services are read again, in milliseconds: new ones are rare. */
const SERVICES_FOR_MS = 30_000;
const MOVE_EVERY_MS = 1_000;

/**
 * Moves due retries for every service. Each service moves its own, too: the transport is whole without a supervisor. But
 * one that is scaled to nothing moves nothing, and what is delayed counts in no lag, so nobody would wake it. Any
 * supervisor may do this at any time, leader or not, because the script that moves is atomic.
 */
@Injectable()
export class RetryMover implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RetryMover.name);
  private services: readonly string[] = [];
  private readAgainAt = 0;
  private readonly task = new PeriodicTask(() => this.move(), (error) => this.logger.warn(`Retries cannot be moved: ${(error as Error).message}`), 5_000);

  constructor(private readonly redis: Redis) {}

  onApplicationBootstrap(): void {
    this.task.start();
  }

  onModuleDestroy(): void {
    this.task.stop();
  }

  private async move(): Promise<number> {
    if (performance.now() >= this.readAgainAt) {
      this.services = await servicesOf(this.redis, messageTypes);
      this.readAgainAt = performance.now() + SERVICES_FOR_MS;
    }
    await Promise.all(this.services.map((service) => moveDueRetries(this.redis, service)));
    return MOVE_EVERY_MS;
  }
}
