import { redisTime, RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { redisKeys, type Effect, type Run } from '@cascade/contracts';
import { agentMember } from './deadlines.js';
import { readColumns } from './read-columns.js';

const expireScript = new RedisScript(new URL('./lua/expire-agent.lua', import.meta.url));

/** How long an agent's record outlives its deadline, in milliseconds: time for people and the clean-up to read it. */
export const AGENT_GRACE_MS = 30 * 60_000;

export interface AgentInfo {
  readonly tier: 0 | 1 | 2 | 3;
  /** Where its artefacts are: a folder of the result branch, or a workspace. */
  readonly folder: string;
  /** Its time in milliseconds, when it is to have less than its cascade. */
  readonly ttlMs?: number;
}

export interface AgentRecord {
  readonly id: string;
  readonly tier: number;
  /** `active`, `ended` or `expired`. */
  readonly state: string;
  readonly folder: string;
}

const tiers = [0, 1, 2, 3] as const;

/**
 * Agents: one tier's worker on one cascade, each with a record that expires. Tier n's parent is tier n - 1's agent.
 * States: `active` → `ended` (its cascade was cleaned up) or `expired` (its deadline passed). An agent's deadline is never
 * later than its cascade's; without a time of its own it is the cascade's, and moves with that.
 */
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
    const [now, limit] = await Promise.all([redisTime(this.redis), this.redis.hget(redisKeys.cascade(run.cascadeId), 'deadline')]);
    const cascadeDeadline = limit === null ? now : Date.parse(limit);
    const deadline = Math.min(cascadeDeadline, now + (info.ttlMs ?? Infinity));
    await this.redis.multi()
      .hset(redisKeys.agent(id), {
        agent_id: id, tier: String(info.tier), parent: info.tier === 0 ? '' : Agents.idOf(run.cascadeId, info.tier - 1),
        cascade_id: run.cascadeId, folder: info.folder, state: 'active', expires_at: new Date(deadline).toISOString(),
        ...(info.ttlMs === undefined ? {} : { ttl_ms: String(info.ttlMs) }),
      })
      .pexpireat(redisKeys.agent(id), deadline + AGENT_GRACE_MS)
      .sadd(redisKeys.activeAgents, id)
      .zadd(redisKeys.deadlines, deadline, agentMember(id))
      .hset(redisKeys.cascade(run.cascadeId), 'tier', String(info.tier))
      .hsetnx(redisKeys.cascade(run.cascadeId), `tier_${info.tier}_at`, new Date(now).toISOString())
      .exec();
    return id;
  }

  /** The agents of a cascade that have a record, by tier. */
  async list(cascadeId: string): Promise<AgentRecord[]> {
    const ids = tiers.map((tier) => Agents.idOf(cascadeId, tier));
    const rows = await readColumns(this.redis, ids.map((id) => redisKeys.agent(id)), ['state', 'folder']);
    return rows.flatMap(({ state, folder }, tier) => (state === undefined ? [] : [{ id: ids[tier]!, tier, state, folder: folder ?? '' }]));
  }

  /** Takes an agent off the list of live ones; its record stays, as ended, until it expires. */
  async retire(id: string): Promise<void> {
    await this.redis.multi().srem(redisKeys.activeAgents, id).zrem(redisKeys.deadlines, agentMember(id)).exec();
    if (await this.redis.hget(redisKeys.agent(id), 'state') === 'active') await this.redis.hset(redisKeys.agent(id), 'state', 'ended');
  }

  /** As `retire`, because its deadline passed; false when that has moved since it was read, or somebody was faster. */
  async expire(id: string, deadline: number): Promise<boolean> {
    return await expireScript.run(this.redis, [redisKeys.agent(id), redisKeys.activeAgents, redisKeys.deadlines], [id, agentMember(id), deadline]) === 1;
  }

  /** Moves the deadline of a live agent to its cascade's, in Unix ms. */
  async follow(id: string, deadline: number): Promise<void> {
    await this.redis.multi()
      .zadd(redisKeys.deadlines, 'XX', deadline, agentMember(id))
      .hset(redisKeys.agent(id), 'expires_at', new Date(deadline).toISOString())
      .pexpireat(redisKeys.agent(id), deadline + AGENT_GRACE_MS)
      .exec();
  }
}
