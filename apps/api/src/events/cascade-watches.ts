import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { Cascades, type CascadeRecord } from '@cascade/state';
import type { Redis } from 'ioredis';
import { ChangeSignal } from './change-signal.js';

/** How often what is followed is looked at. Several looks travel in one pipeline; a blocking read would need a connection for each. */
const LOOK_EVERY_MS = 250;

/**
 * Looks at the cascades that somebody follows, each once however many follow it. What changed is read by each follower
 * for itself, when its client can take it.
 */
@Injectable()
export class CascadeWatches implements OnApplicationShutdown {
  private readonly watches = new Map<string, CascadeWatch>();
  private timer: NodeJS.Timeout | undefined;

  /** The watch of a cascade, kept until every one that took it has called `release`. Throws what Redis throws. */
  async take(redis: Redis, record: CascadeRecord): Promise<CascadeWatch> {
    const key = redisKeys.cascade(record.id);
    const watch = this.watches.get(key) ?? new CascadeWatch(redis, record);
    this.watches.set(key, watch);
    watch.followers += 1;
    this.timer ??= setInterval(() => { for (const one of this.watches.values()) void one.look(); }, LOOK_EVERY_MS);
    return watch;
  }

  release(watch: CascadeWatch): void {
    watch.followers -= 1;
    if (watch.followers > 0) return;
    this.watches.delete(redisKeys.cascade(watch.record.id));
    if (this.watches.size === 0) this.onApplicationShutdown();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** One cascade as it was at the last look. */
export class CascadeWatch {
  followers = 0;
  readonly changes = new ChangeSignal();
  /** True when the record is gone: its time was over. */
  gone = false;
  private newest = '';
  private text = '';
  private looking = false;

  constructor(readonly redis: Redis, public record: CascadeRecord) {}

  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      // The state first: lines that were written before the end are then surely read after it.
      const record = await new Cascades(this.redis).find(this.record.id);
      const [line] = await this.redis.xrevrange(redisKeys.timeline(this.record.id), '+', '-', 'COUNT', 1);
      this.see(record, line?.[0] ?? '');
    } catch {
      // Redis is away, and will be looked at again
    } finally {
      this.looking = false;
    }
  }

  private see(record: CascadeRecord | undefined, newest: string): void {
    const text = JSON.stringify(record);
    if (newest === this.newest && text === this.text) return;
    [this.newest, this.text, this.gone] = [newest, text ?? '', record === undefined];
    if (record !== undefined) this.record = record;
    this.changes.tell();
  }
}
