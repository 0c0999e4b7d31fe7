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
  readonly name: string;
  readonly text: string;
  readonly service: string;
  readonly entry: EntryFields;
}

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
  async ask(id: string, { name, text, service, entry }: Question, at?: number): Promise<Outcome> {
    const question = text.slice(0, MAX_QUESTION_CHARACTERS);
    const { deadline, pauses } = await this.standing(id);
    const now = at ?? await redisTime(this.redis);
    const paused = pauses ? pause(deadline, now) : undefined;
    return {
      save: [
        { key: redisKeys.parked(id), fields: { [name]: JSON.stringify({ service, fields: entry }) } },
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
      const parked = await this.redis.hget(redisKeys.parked(id), name);
      if (parked === null) return this.answeredBefore(id, name, answer);
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

  /** False when something has changed since it was read, the cascade's end included. */
  private async release(id: string, name: string, answer: string, deadline: Deadline, parked: string, now: number): Promise<boolean> {
    const { service, fields } = JSON.parse(parked) as { service: string; fields: Record<string, string> };
    const next = resume(deadline, now);
    const keys = [redisKeys.cascade(id), redisKeys.answers(id), redisKeys.parked(id), redisKeys.retries(service, priorityOf(fields['priority'])), redisKeys.deadlines];
    return await script.run(this.redis, keys, [id, name, answer, parked, deadline.leftMs ?? '', next.at, new Date(next.at).toISOString(), ...Object.entries(fields).flat()]) === 1;
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
