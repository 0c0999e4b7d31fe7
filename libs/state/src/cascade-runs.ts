import type { Redis } from 'ioredis';
import {
  cancelled, cascadeFailed, inputRequested, publication, redisKeys, terminalEvents,
  type CascadeEvent, type EntryFields, type Outcome, type Problem, type Run,
} from '@cascade/contracts';
import { failedWrite, terminalStates } from './cascade-record.js';
import { CascadeRun, QUESTION_FINDING } from './cascade-run.js';
import { EndedCascades } from './ended-cascades.js';

/** Longest delay of a JavaScript timer; a deadline further away is the supervisor's to keep. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Shorter waits before another attempt are not told. */
const NOTICEABLE_MS = 1_000;

/** Events that are handled after the end: their handling is neither stopped by the end nor able to change it. */
const afterTheEnd = new Set<string>(terminalEvents.map((definition) => definition.type));

/** Gives the transport a Run for each event, and says what an event's failure means for its cascade. */
export class CascadeRuns {
  private readonly ended: EndedCascades;

  constructor(private readonly redis: Redis, private readonly service: string) {
    this.ended = new EndedCascades(redis);
  }

  /** The Run's signal aborts on the cascade's deadline, its end, and the process's shutdown. */
  async open(event: CascadeEvent, _entry: unknown, shutdown: AbortSignal): Promise<{ run: Run; close(): void }> {
    if (afterTheEnd.has(event.type)) {
      return { run: new CascadeRun(this.redis, this.service, event.cascadeId, shutdown), close: () => undefined };
    }
    const watch = await this.ended.watch(event.cascadeId);
    const deadline = new AbortController();
    const timer = await this.deadlineTimer(event, deadline);
    const signal = AbortSignal.any([watch.signal, deadline.signal, shutdown]);
    const close = (): void => {
      clearTimeout(timer);
      watch.close();
    };
    return { run: new CascadeRun(this.redis, this.service, event.cascadeId, signal), close };
  }

  /** The cascade fails with the problem's code; the fence makes this nothing when it has already ended. */
  async failed(event: CascadeEvent, problem: Problem): Promise<Outcome> {
    if (afterTheEnd.has(event.type)) return { save: [], publish: [] };
    const { code, message, advice, findings } = problem;
    const told = { code, message: message.slice(0, 4000), ...(advice === undefined ? {} : { advice }), ...(findings === undefined ? {} : { findings: findings.slice(0, 100).map((line) => line.slice(0, 4000)) }) };
    return { save: [failedWrite(event.cascadeId, problem)], publish: [publication(cascadeFailed, { service: this.service, problem: told })] };
  }

  /** Says on the timeline why nothing moves for a while. */
  async retrying(event: CascadeEvent, problem: Problem, delayMs: number): Promise<void> {
    if (afterTheEnd.has(event.type) || delayMs < NOTICEABLE_MS) return;
    const run = new CascadeRun(this.redis, this.service, event.cascadeId, new AbortController().signal);
    await run.progress({ kind: 'notice', text: `${problem.message.replace(/\.$/, '')}; again in ${Math.round(delayMs / 1000)} s` });
  }

  /** The event is parked until its question is answered; it holds no consumer's slot. */
  async waiting(event: CascadeEvent, entry: { readonly fields: EntryFields }, problem: Problem): Promise<Outcome> {
    const name = (problem.findings ?? []).find((line) => line.startsWith(QUESTION_FINDING))?.slice(QUESTION_FINDING.length) ?? problem.code;
    return {
      save: [
        { key: redisKeys.parked(event.cascadeId), fields: { [name]: JSON.stringify({ service: this.service, fields: entry.fields }) } },
        { key: redisKeys.cascade(event.cascadeId), fields: { state: 'waiting', question: problem.message, question_name: name } },
      ],
      publish: [publication(inputRequested, { name, question: problem.message.slice(0, 4000) })],
    };
  }

  /** Outcomes for a cascade that has ended are dropped at commit time. */
  fence(event: CascadeEvent): { key: string; field: string; values: readonly string[] } | undefined {
    if (afterTheEnd.has(event.type)) return undefined;
    return { key: redisKeys.cascade(event.cascadeId), field: 'state', values: terminalStates };
  }

  close(): void {
    this.ended.close();
  }

  private async deadlineTimer(event: CascadeEvent, controller: AbortController): Promise<NodeJS.Timeout | undefined> {
    const deadline = (await this.redis.hget(redisKeys.cascade(event.cascadeId), 'deadline')) ?? event.expiryTime;
    if (deadline === undefined) return undefined;
    const remaining = Date.parse(deadline) - Date.now();
    if (remaining > MAX_TIMER_MS) return undefined;
    return setTimeout(() => controller.abort(cancelled(`The deadline ${deadline} passed.`)), Math.max(0, remaining)).unref();
  }
}
