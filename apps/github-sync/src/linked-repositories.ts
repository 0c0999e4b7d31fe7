import { Injectable } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { addressOfRepository, fullNameOf, repositoryAtAddress, repositoryNamed, type TrackerRepository } from '@cascade/github';
import { Redis } from 'ioredis';
import { SyncSettings } from './sync-settings.js';

/** Which GitHub repository an address of git belongs to, and the other way round. */
@Injectable()
export class LinkedRepositories {
  constructor(private readonly redis: Redis, private readonly settings: SyncSettings) {}

  /** undefined: what happens there is not mirrored. A link that was made by hand counts before what the address says. */
  async of(address: string): Promise<TrackerRepository | undefined> {
    const linked = await this.redis.hget(redisKeys.githubRepositories, address);
    return linked === null ? repositoryAtAddress(address, this.settings.github.host) : repositoryNamed(linked);
  }

  /** undefined also when Redis has forgotten the cascade. */
  async ofCascade(cascadeId: string): Promise<TrackerRepository | undefined> {
    const address = await this.redis.hget(redisKeys.cascade(cascadeId), 'repository');
    return address === null ? undefined : this.of(address);
  }

  /** What a cascade on this repository names as its repository: an address that was linked to it, else its own. */
  async addressOf(repository: TrackerRepository): Promise<string> {
    const linked = Object.entries(await this.redis.hgetall(redisKeys.githubRepositories));
    const name = fullNameOf(repository).toLowerCase();
    return linked.find(([, fullName]) => fullName.toLowerCase() === name)?.[0] ?? addressOfRepository(repository, this.settings.github.web);
  }
}
