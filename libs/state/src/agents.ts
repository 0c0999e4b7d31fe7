import type { Redis } from 'ioredis';
import { redisKeys, type Effect, type Run } from '@cascade/contracts';

/** How long an agent's record outlives its cascade's deadline, in milliseconds: time for the clean-up to read it. */
export const AGENT_GRACE_MS = 30 * 60_000;

export interface AgentInfo {
  readonly tier: 0 | 1 | 2 | 3;
  /** Where its artefacts are: a folder of the result branch, or a workspace. */
  readonly folder: string;
}

/** Agents: one tier's worker on one cascade, each with a record that expires. Tier n's parent is tier n - 1's agent. */
export class Agents {
  constructor(private readonly redis: Redis) {}

  static idOf(cascadeId: string, tier: number): string {
    return `${cascadeId}-${String(tier)}0`;
  }

  /** Registers the agent, or finds it registered; marks the cascade as being in its tier. Returns the agent's id. */
  async register(run: Run, info: AgentInfo): Promise<string> {
    const id = Agents.idOf(run.cascadeId, info.tier);
    return run.effect({ kind: 'agent', key: id, undo: {} } satisfies Effect, () => this.write(run, id, info));
  }

  private async write(run: Run, id: string, info: AgentInfo): Promise<string> {
    const deadline = Date.parse((await this.redis.hget(redisKeys.cascade(run.cascadeId), 'deadline')) ?? new Date().toISOString());
    await this.redis.multi()
      .hset(redisKeys.agent(id), {
        agent_id: id, tier: String(info.tier), parent: info.tier === 0 ? '' : Agents.idOf(run.cascadeId, info.tier - 1),
        cascade_id: run.cascadeId, folder: info.folder, state: 'active', expires_at: new Date(deadline).toISOString(),
      })
      .pexpireat(redisKeys.agent(id), deadline + AGENT_GRACE_MS)
      .sadd(redisKeys.activeAgents, id)
      .hset(redisKeys.cascade(run.cascadeId), 'tier', String(info.tier))
      .exec();
    return id;
  }

  /** Takes an agent off the list of live ones; its record stays, as ended, until it expires. */
  async retire(id: string): Promise<void> {
    await this.redis.srem(redisKeys.activeAgents, id);
    if (await this.redis.exists(redisKeys.agent(id)) === 1) await this.redis.hset(redisKeys.agent(id), 'state', 'ended');
  }
}
