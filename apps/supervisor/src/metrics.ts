import { Injectable } from '@nestjs/common';
import { commands, events, redisKeys } from '@cascade/contracts';
import { Leadership } from '@cascade/state';
import { readLag } from '@cascade/streams';
import { Redis } from 'ioredis';
import { Gauge, Registry } from 'prom-client';
import { countDeadlinesAtRisk } from './deadlines-at-risk.js';
import { metricDefinitions } from './metric-definitions.js';

type Name = keyof typeof metricDefinitions;

/** Types of all events and commands. */
export const messageTypes: readonly string[] = [...events, ...commands].map(({ type }) => type);

/**
 * The numbers of GET /metrics. All are read first, then set, then printed: a collector of its own for each would read the
 * same streams again, and prom-client runs collectors side by side.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly gauges = new Map<Name, Gauge>();
  private reading: Promise<string> | undefined;

  constructor(private readonly redis: Redis, private readonly leadership: Leadership) {
    for (const [name, { name: full, help, labels }] of Object.entries(metricDefinitions)) {
      this.gauges.set(name as Name, new Gauge({ name: full, help, labelNames: [...labels], registers: [this.registry] }));
    }
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Prometheus' text format. Requests at the same time share one reading. Throws what Redis throws. */
  read(): Promise<string> {
    return this.reading ??= this.readNow().finally(() => (this.reading = undefined));
  }

  private async readNow(): Promise<string> {
    const [lag, atRisk, parked] = await Promise.all([readLag(this.redis, messageTypes), countDeadlinesAtRisk(this.redis), this.countParked()]);
    this.registry.resetMetrics(); // what is gone must not stay
    for (const { stream, group, ...values } of lag.groups) {
      this.set('length', values.length, { stream });
      this.set('lag', values.lag, { stream, group });
      this.set('pending', values.pending, { stream, group });
      this.set('oldestPending', values.oldestPendingMs / 1000, { stream, group });
      this.set('oldestUndelivered', values.oldestUndeliveredMs / 1000, { stream, group });
    }
    for (const { service, deadLetters, delayedRetries } of lag.services) {
      this.set('deadLetters', deadLetters, { service });
      this.set('delayedRetries', delayedRetries, { service });
    }
    this.set('deadlinesAtRisk', atRisk);
    this.set('parkedCleanUps', parked);
    this.set('leader', this.leadership.leads ? 1 : 0);
    return this.registry.metrics();
  }

  private set(name: Name, value: number, labels: Record<string, string> = {}): void {
    this.gauges.get(name)?.set(labels, value);
  }

  /** A record that has expired is nobody's work any more. */
  private async countParked(): Promise<number> {
    const keys = await this.redis.smembers(redisKeys.parkedCleanUps);
    const gone = (await Promise.all(keys.map(async (key) => ((await this.redis.exists(key)) === 0 ? [key] : [])))).flat();
    if (gone.length > 0) await this.redis.srem(redisKeys.parkedCleanUps, ...gone);
    return keys.length - gone.length;
  }
}
