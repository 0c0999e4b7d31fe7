import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { redisKeys } from '@cascade/contracts';
import type { CascadeState } from './cascade-record.js';

const dueScript = new RedisScript(new URL('./lua/due-deadlines.lua', import.meta.url));

/** Most deadlines that one look gives; the next look gives the rest. */
export const MAX_DUE = 200;

const AGENT_MEMBER = 'agent:';

/** An agent's member of the sorted set `deadlines`. A cascade's is its id. */
export const agentMember = (agentId: string): string => `${AGENT_MEMBER}${agentId}`;

export interface DueCascade {
  readonly kind: 'cascade';
  readonly id: string;
  /** Unix ms, as all times here. */
  readonly deadline: number;
  /** Undefined when nothing is known of it any more. */
  readonly state: CascadeState | undefined;
}

export interface DueAgent {
  readonly kind: 'agent';
  readonly id: string;
  readonly deadline: number;
  /** Whether it was given less time than its cascade. */
  readonly hasOwnTime: boolean;
  /** Its cascade's deadline as it is now; undefined when that has ended. */
  readonly cascadeDeadline: number | undefined;
}

export interface Due {
  /** By Redis' clock. */
  readonly now: number;
  readonly deadlines: readonly (DueCascade | DueAgent)[];
}

/** The deadlines that have passed, with all that decides what happens to them. */
export async function readDue(redis: Redis): Promise<Due> {
  const [now = '0', ...flat] = (await dueScript.run(redis, [redisKeys.deadlines], [MAX_DUE])) as string[];
  const members = flat.flatMap((member, index) => (index % 2 === 0 ? [{ member, deadline: Number(flat[index + 1]) }] : []));
  return { now: Number(now), deadlines: await Promise.all(members.map(({ member, deadline }) => readOne(redis, member, deadline))) };
}

/** A member is a cascade's id whatever it looks like, as long as there is such a cascade. */
async function readOne(redis: Redis, member: string, deadline: number): Promise<DueCascade | DueAgent> {
  const state = (await redis.hget(redisKeys.cascade(member), 'state') ?? undefined) as CascadeState | undefined;
  if (state !== undefined || !member.startsWith(AGENT_MEMBER)) return { kind: 'cascade', id: member, deadline, state };
  const id = member.slice(AGENT_MEMBER.length);
  const [cascadeId, ownTime] = await redis.hmget(redisKeys.agent(id), 'cascade_id', 'ttl_ms');
  const cascadeDeadline = await redis.zscore(redisKeys.deadlines, cascadeId ?? '');
  return { kind: 'agent', id, deadline, hasOwnTime: ownTime !== null, cascadeDeadline: cascadeDeadline === null ? undefined : Number(cascadeDeadline) };
}
