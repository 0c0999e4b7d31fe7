import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { messageTypes, redisKeys } from '@cascade/contracts';
import { HostConfig } from '@cascade/service-host';
import { Leadership } from '@cascade/state';
import { readLag } from '@cascade/streams';
import { addGaugeSource, runMetrics, supervisorMetrics, type Reading } from '@cascade/telemetry';
import { Redis } from 'ioredis';
import { readOpenRuns } from './open-runs.js';

/** What GET /metrics tells of one partition, read from Redis when somebody asks. */
@Injectable()
export class SupervisorGauges implements OnModuleInit, OnApplicationShutdown {
  private remove: (() => void) | undefined;

  constructor(private readonly config: HostConfig, private readonly redis: Redis, private readonly leadership: Leadership) {}

  onModuleInit(): void {
    this.remove = addGaugeSource(() => this.read());
  }

  onApplicationShutdown(): void {
    this.remove?.();
  }

  /** Throws what Redis throws. */
  async read(): Promise<readonly Reading[]> {
    const [lag, parked, open] = await Promise.all([readLag(this.redis, messageTypes), this.countParked(), readOpenRuns(this.redis)]);
    const partition = this.config.numberOf(this.redis);
    const readings: Reading[] = [];
    const set = (gauge: Reading['gauge'], value: number, labels: Record<string, string> = {}): void => void readings.push({ gauge, labels: { partition, ...labels }, value });
    for (const { stream, group, ...values } of lag.groups) {
      set(supervisorMetrics.length, values.length, { stream });
      set(supervisorMetrics.lag, values.lag, { stream, group });
      set(supervisorMetrics.pending, values.pending, { stream, group });
      set(supervisorMetrics.oldestPending, values.oldestPendingMs / 1000, { stream, group });
      set(supervisorMetrics.oldestUndelivered, values.oldestUndeliveredMs / 1000, { stream, group });
    }
    for (const { service, deadLetters, delayedRetries } of lag.services) {
      set(supervisorMetrics.deadLetters, deadLetters, { group: service });
      set(supervisorMetrics.delayedRetries, delayedRetries, { group: service });
    }
    set(supervisorMetrics.deadlinesAtRisk, open.atRisk);
    set(supervisorMetrics.parkedCleanUps, parked);
    for (const { state, tier, count } of open.counts) set(runMetrics.open, count, { state, tier });
    set(runMetrics.deadlineBurn, open.burn);
    set(supervisorMetrics.leader, this.leadership.leads ? 1 : 0);
    return readings;
  }

  /** A record that has expired is nobody's work any more. */
  private async countParked(): Promise<number> {
    const keys = await this.redis.smembers(redisKeys.parkedCleanUps);
    const gone = (await Promise.all(keys.map(async (key) => ((await this.redis.exists(key)) === 0 ? [key] : [])))).flat();
    if (gone.length > 0) await this.redis.srem(redisKeys.parkedCleanUps, ...gone);
    return keys.length - gone.length;
  }
}
