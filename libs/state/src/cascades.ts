import { redisTime, RedisScript, type CascadeTravel } from '@cascade/streams';
import { currentTraceparent } from '@cascade/telemetry';
import type { Redis } from 'ioredis';
import {
  cascadeCancelled, cascadeRequested, cascadeTimedOut, deriveEventId, priorityOf, redisKeys, terminal, toEntry,
  type CascadeSummary, type DataOf, type EventDefinition, type EventOf, type Problem, type StateWrite,
} from '@cascade/contracts';
import { completedWrite, parseCascadeRecord, type CascadeRecord, type CascadeState } from './cascade-record.js';
import { firstFields } from './cascade-request.js';
import { MAX_WAITING_MS } from './deadline-pause.js';
import { Questions, type AnswerResult } from './questions.js';

/** Deadline of a request that names none. */
export const DEFAULT_DEADLINE_MINUTES = 60;
/** Most cascades that `list` returns. */
export const MAX_LISTED = 500;
/** How long what Redis holds of a cascade outlives its end unless it is set, in milliseconds: 30 days. Work items stay. */
export const RETENTION_MS = 30 * 24 * 3_600_000;
/** Pub/sub channel on which an ended cascade's id stops handlers that still work on it. */
export const ENDED_CHANNEL = 'cascades:ended';

const script = {
  accept: new RedisScript(new URL('./lua/accept-cascade.lua', import.meta.url)),
  end: new RedisScript(new URL('./lua/end-cascade.lua', import.meta.url)),
  reserveEpic: new RedisScript(new URL('./lua/reserve-epic.lua', import.meta.url)),
};

export type EndResult = 'ended' | 'already-ended' | 'not-due' | 'unknown';

/**
 * Cascades' records. States: `running` ⇄ `waiting` (for a person), and from either to exactly one of `completed`,
 * `failed`, `timed_out`, `cancelled`. Handlers end a cascade through their outcome, whose commit is fenced by the
 * state; deadlines and people end it here, by a script that looks at the state first. So only one ending happens.
 */
export class Cascades {
  /** `retentionMs`: how long what Redis holds of a cascade outlives its end. */
  constructor(private readonly redis: Redis, private readonly retentionMs: number = RETENTION_MS) {}

  /**
   * Creates the record of a requested cascade, once; returns the record that stands. Its time runs from when it was asked
   * for, but never from later than now: the clock of who asked may be ahead.
   */
  async accept(event: EventOf<typeof cascadeRequested>): Promise<CascadeRecord> {
    const created = Date.parse(event.time);
    const deadline = Math.min(created, await redisTime(this.redis)) + (event.data.deadlineMinutes ?? DEFAULT_DEADLINE_MINUTES) * 60_000;
    const id = event.cascadeId;
    await script.accept.run(this.redis, [redisKeys.cascade(id), redisKeys.cascades, redisKeys.deadlines], [
      id, created, deadline, created - 2 * this.retentionMs, ...Object.entries({ ...firstFields(event.data, created, deadline), ...traceField(event.traceparent ?? currentTraceparent()) }).flat(),
    ]);
    return this.require(id);
  }

  async find(id: string): Promise<CascadeRecord | undefined> {
    return parseCascadeRecord(id, await this.redis.hgetall(redisKeys.cascade(id)));
  }

  /** The state alone; undefined when there is no such cascade. */
  async stateOf(id: string): Promise<CascadeState | undefined> {
    return (await this.redis.hget(redisKeys.cascade(id), 'state') ?? undefined) as CascadeState | undefined;
  }

  /** Throws `CASC_CASCADE_UNKNOWN` (terminal). */
  async require(id: string): Promise<CascadeRecord> {
    const record = await this.find(id);
    if (record === undefined) throw terminal('CASC_CASCADE_UNKNOWN', `There is no cascade ${JSON.stringify(id.slice(0, 100))}.`, { advice: '`cascade list` shows the known ones.' });
    return record;
  }

  /** Newest first. */
  async list(limit: number = 50): Promise<CascadeRecord[]> {
    const ids = await this.redis.zrevrange(redisKeys.cascades, 0, Math.min(limit, MAX_LISTED) - 1);
    const records = await Promise.all(ids.map((id) => this.find(id)));
    return records.filter((record) => record !== undefined);
  }

  cancel(id: string, reason: string): Promise<EndResult> {
    const problem: Problem = { kind: 'cancelled', code: 'CASC_CANCELLED', message: reason };
    return this.end(id, 'cancelled', cascadeCancelled, { reason }, problem);
  }

  /** Not before Redis' clock says so: a deadline that moved since it was read is `not-due`. */
  async timeOut(id: string, deadline: string): Promise<EndResult> {
    const open = (await this.find(id))?.questions.map((question) => question.name) ?? [];
    const problem: Problem = {
      kind: 'terminal', code: 'CASC_DEADLINE_PASSED',
      message: `The deadline ${deadline} passed${open.length === 0 ? '' : `, and nobody had answered: ${open.join(', ')}`}.`,
      advice: open.length === 0 ? 'Ask for less in one request, or give more time with --deadline-minutes.' : `Start again, and answer sooner: a deadline stands still for ${MAX_WAITING_MS / 86_400_000} days at most (--deadline-while-waiting pause).`,
    };
    return this.end(id, 'timed_out', cascadeTimedOut, { deadline }, problem);
  }

  /** Ids of cascades whose deadline is not after `now` (Unix ms), oldest deadline first. */
  due(now: number, limit: number = 100): Promise<string[]> {
    return this.redis.zrangebyscore(redisKeys.deadlines, '-inf', now, 'LIMIT', 0, limit);
  }

  /**
   * How its commands travel: until when, in Unix ms by Redis' clock, and in which lane. One that has ended has no deadline:
   * what it did must still be taken back.
   */
  async travelOf(id: string): Promise<CascadeTravel> {
    const [score, priority] = await Promise.all([this.redis.zscore(redisKeys.deadlines, id), this.redis.hget(redisKeys.cascade(id), 'priority')]);
    return { ...(score === null ? {} : { deadlineMs: Number(score) }), ...(priority === null ? {} : { priority: priorityOf(priority) }) };
  }

  /** Takes a deadline off the list on which nothing hangs any more. */
  async forgetDeadline(member: string): Promise<void> {
    await this.redis.zrem(redisKeys.deadlines, member);
  }

  /** An epic number for the cascade, at least `floor`; the same one whenever it is asked for again. */
  async reserveEpic(repositoryName: string, cascadeId: string, floor: number): Promise<number> {
    return Number(await script.reserveEpic.run(this.redis, [redisKeys.epics(repositoryName), redisKeys.cascade(cascadeId)], [floor]));
  }

  /** Lets everything that Redis holds of an ended cascade expire. */
  retentionWrites(id: string, endedAt: number): StateWrite[] {
    const keys = [redisKeys.cascade, redisKeys.journal, redisKeys.steps, redisKeys.timeline, redisKeys.effects, redisKeys.leases, redisKeys.answers, redisKeys.parked, redisKeys.chat, redisKeys.graph, redisKeys.items];
    return keys.map((key) => ({ key: key(id), fields: {}, expireAtMs: endedAt + this.retentionMs }));
  }

  /** Says that a clean-up is over: with the problem of what it had to park, if anything. */
  cleanUpWrite(id: string, problem: { readonly code: string; readonly message: string } | undefined): StateWrite {
    const key = redisKeys.cascade(id);
    if (problem === undefined) return { key, fields: { clean_up: 'done', clean_up_problem: '' }, removeFrom: redisKeys.parkedCleanUps };
    return { key, fields: { clean_up: 'parked', clean_up_problem: JSON.stringify(problem) }, indexIn: redisKeys.parkedCleanUps };
  }

  completedWrite(id: string, summary: CascadeSummary): StateWrite {
    return completedWrite(id, summary);
  }

  /** Gives a person's answer to an open question. Throws what `Questions.answer` throws. */
  answer(id: string, name: string, answer: string): Promise<AnswerResult> {
    return new Questions(this.redis).answer(id, name, answer);
  }

  private async end<D extends EventDefinition>(id: string, state: 'timed_out' | 'cancelled', definition: D, data: DataOf<D>, problem: Problem): Promise<EndResult> {
    const now = new Date();
    const traceparent = await this.redis.hget(redisKeys.cascade(id), 'traceparent');
    const entry = toEntry({
      id: deriveEventId(`end:${id}`, now.getTime(), state), type: definition.type, source: 'urn:cascade:state', time: now.toISOString(),
      cascadeId: id, dataschema: definition.dataschema, data, ...traceField(traceparent),
    });
    const done = await script.end.run(this.redis, [redisKeys.cascade(id), redisKeys.deadlines, redisKeys.stream(definition.type)], [
      id, state, now.toISOString(), ENDED_CHANNEL, JSON.stringify(problem), ...Object.entries(entry).flat(),
    ]);
    return done === 1 ? 'ended' : done === 0 ? 'already-ended' : done === 2 ? 'not-due' : 'unknown';
  }
}

/** What ends a cascade from outside belongs to the trace that it began with. */
const traceField = (traceparent: string | null | undefined): { traceparent?: string } => (traceparent === undefined || traceparent === null ? {} : { traceparent });
