import { Injectable } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { Cascades } from '@cascade/state';
import { Redis } from 'ioredis';

/** Where others see the repository of a cascade; `remote` where that is not where it came from. */
export type HostedPlace = { readonly remote?: string } | null;

/** Whether a cascade's repository is one that branches can be pushed to, for people to see. */
@Injectable()
export class HostedRepository {
  constructor(private readonly redis: Redis, private readonly cascades: Cascades) {}

  /** Null for a repository on this machine that is linked to no other. */
  async find(cascadeId: string): Promise<HostedPlace> {
    const address = (await this.cascades.find(cascadeId))?.repository ?? '';
    if (/^(?:https?|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(address)) return {};
    const linked = await this.redis.hget(redisKeys.githubRepositories, address);
    return linked === null ? null : { remote: linked };
  }
}
