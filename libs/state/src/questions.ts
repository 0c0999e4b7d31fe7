import { redisTime, RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { inputRequested, priorityOf, publication, redisKeys, retryable, terminal, type EntryFields, type Outcome } from '@cascade/contracts';
import { isTerminal, QUESTION_FIELD, type CascadeState } from './cascade-record.js';
import { DEFAULT_WHILE_WAITING, pause, resume, type Deadline } from './deadline-pause.js';
import { appendLine } from './timeline.js';

const script = new RedisScript(new URL('./lua/answer-question.lua', import.meta.url));
/** Times that an answer is tried again because another question of the cascade was asked or answered at the same moment. */
const MAX_TRIES = 20;
/** Most characters of a question; as many as `input.requested` takes. */
const MAX_QUESTION_CHARACTERS = 4_000;

export type AnswerResult = 'answered' | 'repeated';

/** A question with the event that waits for its answer. */
export interface Question {
  /** Events that ask under one name wait for one answer. */
  readonly name: string;
  readonly text: string;
  readonly service: string;
  readonly eventId: string;
  readonly entry: EntryFields;
}

/** An event that waits, as it is kept in `cascade:<id>:parked`. */
interface Parked {
  readonly field: string;
  readonly value: string;
}

/** Which event waits under which name. A line break is in no name and no id. */
const parkedField = (name: string, eventId: string): string => `${name}\n${eventId}`;

interface Standing {
  readonly state: string | undefined;
  /** NaN when there is no such cascade. */
  readonly deadline: Deadline;
  readonly pauses: boolean;
}

/**
 * Questions that cascades wait with. A question is asked by the outcome that parks its event, and answered by a script
 * that gives the event back to its service; so between the two nothing of the cascade is in any consumer's hands.
 * The deadline pauses with the first open question and runs on with the last answer, unless the request says otherwise.
 */
export class Questions {
  constructor(private readonly redis: Redis) {}

  /**
   * Parks the event. Refused at commit time when the question has been answered meanwhile, so that a second delivery of
   * the event cannot ask again what nobody could answer any more; the handler then runs again, and finds the answer.
   */
  async ask(id: string, { name, text, service, eventId, entry }: Question, at?: number): Promise<Outcome> {
    const question = text.slice(0, MAX_QUESTION_CHARACTERS);
    const { deadline, pauses } = await this.standing(id);
    const now = at ?? await redisTime(this.redis);
    const paused = pauses ? pause(deadline, now) : undefined;
    return {
      save: [
        { key: redisKeys.parked(id), fields: { [parkedField(name, eventId)]: JSON.stringify({ service, fields: entry }) } },
        {
          key: redisKeys.cascade(id), fields: { state: 'waiting', [`${QUESTION_FIELD}${name}`]: question, ...(paused === undefined ? {} : deadlineFields(paused)) },
          ...(paused === undefined ? {} : { scoreIn: { key: redisKeys.deadlines, member: id, score: paused.at } }),
        },
      ],
      publish: [publication(inputRequested, { name, question })],
      expect: { key: redisKeys.answers(id), field: name, value: '' },
    };
  }

  /**
   * Gives a person's answer; the first one counts, and giving it again changes nothing. Throws, terminal:
   * CASC_CASCADE_UNKNOWN, CASC_CASCADE_ENDED, CASC_QUESTION_UNKNOWN when nothing waits under that name,
   * CASC_QUESTION_ANSWERED when something else was answered before.
   */
  async answer(id: string, name: string, answer: string, at?: number): Promise<AnswerResult> {
    const now = at ?? await redisTime(this.redis);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const { state, deadline } = await this.standing(id);
      if (state === undefined) throw terminal('CASC_CASCADE_UNKNOWN', `There is no cascade ${JSON.stringify(id.slice(0, 100))}.`, { advice: '`cascade list` shows the known ones.' });
      if (isTerminal(state as CascadeState)) throw terminal('CASC_CASCADE_ENDED', `Cascade ${id} has ended (${state}) and takes no answers.`);
      const parked = await this.parkedUnder(id, name);
      if (parked.length === 0) return this.answeredBefore(id, name, answer);
      if (!await this.release(id, name, answer, deadline, parked, now)) continue;
      await appendLine(this.redis, id, 'person', { kind: 'notice', text: `${name}: ${answer}` });
      return 'answered';
    }
    throw retryable('CASC_STATE_CONFLICT', `The questions of cascade ${id} changed ${MAX_TRIES} times while one was answered.`);
  }

  private async standing(id: string): Promise<Standing> {
    const [state, at, leftMs, whileWaiting] = await this.redis.hmget(redisKeys.cascade(id), 'state', 'deadline', 'deadline_left_ms', 'while_waiting');
    return {
      state: state ?? undefined,
      deadline: { at: Date.parse(at ?? ''), ...(leftMs === null || leftMs === undefined ? {} : { leftMs: Number(leftMs) }) },
      pauses: state !== null && (whileWaiting ?? DEFAULT_WHILE_WAITING) === 'pause',
    };
  }

  /** As many as events that wait in one cascade: its tasks at the most. */
  private async parkedUnder(id: string, name: string): Promise<Parked[]> {
    const all = await this.redis.hgetall(redisKeys.parked(id));
    return Object.entries(all).filter(([field]) => field.startsWith(parkedField(name, ''))).map(([field, value]) => ({ field, value }));
  }

  /** False when something has changed since it was read, the cascade's end included. */
  private async release(id: string, name: string, answer: string, deadline: Deadline, parked: readonly Parked[], now: number): Promise<boolean> {
    const next = resume(deadline, now);
    const waiting = parked.map(({ field, value }) => ({ field, value, ...JSON.parse(value) as { service: string; fields: Record<string, string> } }));
    const streams = waiting.map(({ service, fields }) => redisKeys.retries(service, priorityOf(fields['priority'])));
    const entries = waiting.flatMap(({ field, value, fields }) => [field, value, 2 * Object.keys(fields).length, ...Object.entries(fields).flat()]);
    const keys = [redisKeys.cascade(id), redisKeys.answers(id), redisKeys.parked(id), redisKeys.deadlines, ...streams];
    return await script.runPacked(this.redis, keys, [id, name, answer, deadline.leftMs === undefined ? '' : String(deadline.leftMs), String(next.at), new Date(next.at).toISOString(), waiting.length, ...entries]) === 1;
  }

  private async answeredBefore(id: string, name: string, answer: string): Promise<AnswerResult> {
    const given = await this.redis.hget(redisKeys.answers(id), name);
    const advice = `\`cascade status ${id}\` shows what it waits for.`;
    if (given === null) throw terminal('CASC_QUESTION_UNKNOWN', `Cascade ${id} does not wait for an answer to ${JSON.stringify(name.slice(0, 200))}.`, { advice });
    if (given !== answer) throw terminal('CASC_QUESTION_ANSWERED', `The question ${JSON.stringify(name)} of cascade ${id} has been answered: the first answer counts.`, { findings: [given.slice(0, 1_000)], advice });
    return 'repeated';
  }
}

function deadlineFields({ at, leftMs }: Required<Deadline>): Record<string, string> {
  return { deadline: new Date(at).toISOString(), deadline_left_ms: String(leftMs) };
}
