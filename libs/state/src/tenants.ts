import { redisKeys, type Budget } from '@cascade/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { spendingFields } from './spending.js';

/** Who pays for a request that names nobody. */
export const DEFAULT_TENANT = 'default';

const fields = z.object(spendingFields);

export interface TenantRecord {
  readonly name: string;
  /** Ceilings of all its cascades together; none unless set. */
  readonly budget: Budget;
  readonly usage: { readonly calls: number; readonly tokens: number; readonly usd: number };
}

/** Those who pay. A ceiling holds from the next call on; calls that were in flight when it was set are counted when they end. */
export class Tenants {
  constructor(private readonly redis: Redis) {}

  async find(name: string): Promise<TenantRecord> {
    const record = fields.parse(await this.redis.hgetall(redisKeys.tenant(name)));
    return {
      name, budget: { tokens: record.budget_tokens, usd: record.budget_usd },
      usage: { calls: record.usage_calls, tokens: record.usage_prompt_tokens + record.usage_completion_tokens, usd: record.usage_usd },
    };
  }

  /** Sets the ceilings that are given; the others stay as they are. */
  async limit(name: string, { tokens, usd }: Budget): Promise<void> {
    const given = { ...(tokens === undefined ? {} : { budget_tokens: tokens }), ...(usd === undefined ? {} : { budget_usd: usd }) };
    if (Object.keys(given).length > 0) await this.redis.hset(redisKeys.tenant(name), given);
  }
}
