import type { OnApplicationShutdown } from '@nestjs/common';
import type { OpenedTracker } from '@cascade/github';
import type { HostConfig } from '@cascade/service-host';
import { createConnection } from '@cascade/streams';
import type { Redis } from 'ioredis';
import type { SyncSettings } from './sync-settings.js';

/** Injection token of the `IssueTracker`. */
export const TRACKER = Symbol('issue tracker');

/** The tracker of a partition. What may be created in an hour is counted in one place for all partitions: the first. */
export class OpenTracker implements OnApplicationShutdown {
  private constructor(readonly opened: OpenedTracker, private readonly counted: Redis | undefined) {}

  static async open(this: void, settings: SyncSettings, redis: Redis, config: HostConfig): Promise<OpenTracker> {
    const [first] = config.partitions;
    const isFirst = (first?.keyPrefix ?? '') === (redis.options.keyPrefix ?? '');
    const counted = isFirst || first === undefined ? undefined : createConnection({ ...first, name: 'github-sync-limits', role: 'commands' });
    counted?.on('error', () => undefined); // it comes back by itself
    return new OpenTracker(await settings.open(settings.github, counted ?? redis), counted);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened.close();
    this.counted?.disconnect();
  }
}
