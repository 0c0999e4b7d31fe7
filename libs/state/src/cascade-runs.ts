import type { Redis } from 'ioredis';
import {
  cascadeCleanUpRequested, cascadeFailed, cascadeRequested, inputGiven, publication, redisKeys, terminalEvents, toldProblem,
  type CascadeEvent, type EntryFields, type EventOf, type Outcome, type Problem, type Run,
} from '@cascade/contracts';
import { RedisScript, type Fence, type LetterOrigin, type PayloadStore } from '@cascade/streams';
import { failedWrite, terminalStates } from './cascade-record.js';
import { CascadeRun, QUESTION_FINDING, type Opening } from './cascade-run.js';
import { DeadlineTimer } from './deadline-timer.js';
import { EndedCascades } from './ended-cascades.js';
import type { ProgramChange } from './program-guard.js';
import { Questions } from './questions.js';
import { Reservations } from './reservations.js';
import { StepLeases } from './step-leases.js';
import { StepResults } from './step-results.js';
import { DEFAULT_TENANT } from './tenants.js';
import { appendLine } from './timeline.js';

const openRun = new RedisScript(new URL('./lua/open-run.lua', import.meta.url));

/** Shorter waits before another attempt are not told. */
const NOTICEABLE_MS = 1_000;

export interface RunsOptions {
  /** The limit after which a silent worker's entries are taken over, in milliseconds: its steps are free after the same time. */
  readonly claimIdleMs?: number;
  /** Where tenants are kept: with partitions, in the first one. */
  readonly tenants?: Redis;
  /** What happens to a cascade whose handlers' code was changed while it ran; it fails unless given. */
  readonly programChange?: ProgramChange;
  /** For results of steps that are too large for Redis; without one they are refused. */
  readonly store?: PayloadStore;
}

/**
 * Events that are handled whatever the cascade's state is, since they are about the end itself or come from people: their
 * handling is neither stopped by the end nor able to change it, and what goes wrong with them fails no cascade.
 */
const besideTheRoad = new Set<string>([...terminalEvents, cascadeCleanUpRequested, inputGiven].map((definition) => definition.type));

/** Outcomes for a cascade that has ended are dropped at commit time, and dead letters of its events are not delivered again. */
export function cascadeFence({ type, cascadeId }: LetterOrigin): Fence | undefined {
  return besideTheRoad.has(type) || cascadeId === '' ? undefined : { key: redisKeys.cascade(cascadeId), field: 'state', values: terminalStates };
}

/** Gives the transport a Run for each event, and says what an event's failure means for its cascade. */
export class CascadeRuns {
  private readonly ended: EndedCascades;
  private readonly questions: Questions;
  private readonly leases: StepLeases;
  private readonly results: StepResults;

  constructor(private readonly redis: Redis, private readonly service: string, private readonly options: RunsOptions = {}) {
    this.ended = new EndedCascades(redis);
    this.questions = new Questions(redis);
    this.results = new StepResults(options.store);
    this.leases = new StepLeases(redis, new Reservations(options.tenants ?? redis), options.claimIdleMs ?? 30_000);
  }

  /** The Run's signal aborts on the cascade's deadline, its end, and the process's shutdown. */
  async open(event: CascadeEvent, _entry: unknown, shutdown: AbortSignal): Promise<{ run: Run; check?(outcome: Outcome): Promise<void>; close(): void }> {
    const opening = await this.opening(event);
    if (besideTheRoad.has(event.type)) return { run: this.run(opening, shutdown), close: () => undefined };
    const watch = await this.ended.watch(event.cascadeId);
    const deadline = new DeadlineTimer(this.redis, event.cascadeId, event.expiryTime);
    await deadline.start();
    const signal = AbortSignal.any([watch.signal, deadline.signal, shutdown]);
    const close = (): void => {
      deadline.close();
      watch.close();
    };
    const run = this.run(opening, signal);
    return { run, check: (outcome) => run.check(outcome), close };
  }

  private async opening(event: CascadeEvent): Promise<Omit<Opening, 'signal'>> {
    const { cascadeId, id: eventId } = event;
    const keys = [redisKeys.fence, redisKeys.steps(cascadeId), redisKeys.cascade(cascadeId)];
    const [fence, isAgain, known] = (await openRun.run(this.redis, keys, [eventId])) as [number, 0 | 1, string | null];
    // Before the handler of the request accepts it, there is no record yet.
    const asked = event.type === cascadeRequested.type ? (event as EventOf<typeof cascadeRequested>).data.tenant : undefined;
    return { cascadeId, eventId, fence, isAgain: isAgain === 1, tenant: known ?? asked ?? DEFAULT_TENANT, service: this.service, programChange: this.options.programChange ?? 'fail' };
  }

  private run(opening: Omit<Opening, 'signal'>, signal: AbortSignal): CascadeRun {
    return new CascadeRun(this.redis, { ...opening, signal }, this.leases, this.results);
  }

  /** The cascade fails with the problem's code; the fence makes this nothing when it has already ended. */
  async failed(event: CascadeEvent, problem: Problem): Promise<Outcome | undefined> {
    if (besideTheRoad.has(event.type)) return undefined;
    const failure = { save: [failedWrite(event.cascadeId, problem)], publish: [publication(cascadeFailed, { service: this.service, problem: toldProblem(problem) })] };
    return event.data === undefined ? this.ifRunning(event.cascadeId, failure) : failure;
  }

  /** An entry that could not be read may name any cascade: only one that exists and has not ended can fail by it. */
  private async ifRunning(id: string, failure: Outcome): Promise<Outcome | undefined> {
    const state = await this.redis.hget(redisKeys.cascade(id), 'state');
    if (state === null || (terminalStates as readonly string[]).includes(state)) return undefined;
    return { ...failure, expect: { key: redisKeys.cascade(id), field: 'state', value: state } };
  }

  /** Says on the timeline why nothing moves for a while. */
  async retrying(event: CascadeEvent, problem: Problem, delayMs: number): Promise<void> {
    if (besideTheRoad.has(event.type) || delayMs < NOTICEABLE_MS) return;
    await appendLine(this.redis, event.cascadeId, this.service, { kind: 'notice', text: `${problem.message.replace(/\.$/, '')}; again in ${Math.round(delayMs / 1000)} s` });
  }

  /** The event is parked until its question is answered; it holds no consumer's slot. */
  async waiting(event: CascadeEvent, entry: { readonly fields: EntryFields }, problem: Problem): Promise<Outcome> {
    const name = (problem.findings ?? []).find((line) => line.startsWith(QUESTION_FINDING))?.slice(QUESTION_FINDING.length) ?? problem.code;
    return this.questions.ask(event.cascadeId, { name, text: problem.message, service: this.service, eventId: event.id, entry: entry.fields });
  }

  fence(event: CascadeEvent): Fence | undefined {
    return cascadeFence(event);
  }

  close(): void {
    this.ended.close();
    this.leases.close();
  }
}
