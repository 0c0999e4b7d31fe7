import { redisKeys } from '@cascade/contracts';
import { Agents } from '@cascade/state';
import type { Redis } from 'ioredis';

export interface AgentRow {
  readonly id: string;
  readonly state: string;
  readonly folder: string;
}

/** The agents of a cascade that have a record, by tier. */
export async function agentsOf(redis: Redis, cascadeId: string): Promise<AgentRow[]> {
  const ids = [0, 1, 2, 3].map((tier) => Agents.idOf(cascadeId, tier));
  const hashes = await Promise.all(ids.map((id) => redis.hgetall(redisKeys.agent(id))));
  return hashes.flatMap((hash, tier) => (hash['agent_id'] === undefined ? [] : [{ id: ids[tier] ?? '', state: hash['state'] ?? '', folder: hash['folder'] ?? '' }]));
}
