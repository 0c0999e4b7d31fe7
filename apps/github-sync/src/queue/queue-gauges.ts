import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { HostConfig } from '@cascade/service-host';
import { redisTime } from '@cascade/streams';
import { addGaugeSource, githubMetrics, type Reading } from '@cascade/telemetry';
import { Redis } from 'ioredis';

/** What GET /metrics tells of the queue of one partition, read from Redis when somebody asks. */
@Injectable()
export class QueueGauges implements OnModuleInit, OnApplicationShutdown {
  private remove: (() => void) | undefined;

  constructor(private readonly config: HostConfig, private readonly redis: Redis) {
    for (const metric of [githubMetrics.drift, githubMetrics.conflicts, githubMetrics.matters]) metric.begin();
  }

  onModuleInit(): void {
    this.remove = addGaugeSource(() => this.read());
  }

  onApplicationShutdown(): void {
    this.remove?.();
  }

  private async read(): Promise<readonly Reading[]> {
    const now = await redisTime(this.redis);
    const [due, all, asked, parked] = await Promise.all([this.redis.zcount(redisKeys.githubDirty, '-inf', now), this.redis.zcard(redisKeys.githubDirty), this.redis.zcard(redisKeys.githubAsked), this.redis.hlen(redisKeys.githubParked)]);
    const partition = this.config.numberOf(this.redis);
    return Object.entries({ due, later: all - due, asked, parked }).map(([state, value]) => ({ gauge: githubMetrics.queue, labels: { partition, state }, value }));
  }
}
