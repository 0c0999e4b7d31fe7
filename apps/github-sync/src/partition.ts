import { Injectable } from '@nestjs/common';
import { HostConfig } from '@cascade/service-host';
import type { TrackerRepository } from '@cascade/github';
import { Redis } from 'ioredis';
import { LinkedRepositories } from './linked-repositories.js';

/** Which of the partitions this one is. Deliveries reach all of them; what starts cascades must start them in one. */
@Injectable()
export class Partition {
  constructor(private readonly redis: Redis, private readonly config: HostConfig, private readonly linked: LinkedRepositories) {}

  /** Whether cascades on this repository are in this partition. */
  async starts(repository: TrackerRepository): Promise<boolean> {
    const { keyPrefix } = this.config.partitionFor(await this.linked.addressOf(repository));
    return (keyPrefix ?? '') === (this.redis.options.keyPrefix ?? '');
  }
}
