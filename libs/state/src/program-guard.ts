import { redisKeys, terminal, type Outcome } from '@cascade/contracts';
import type { Redis } from 'ioredis';
import { appendLine } from './timeline.js';

/** What happens to a cascade whose handlers' code was changed while it ran. */
export type ProgramChange = 'fail' | 'continue';

/** Who records steps: one handling of one event by one service. */
export interface Recorder {
  readonly cascadeId: string;
  readonly service: string;
  readonly eventId: string;
}

/** Steps that an error names. */
const MAX_NAMED = 20;

/**
 * Keeps results that one program recorded out of another. Handlers are deterministic: handled again, an event asks for
 * every step that was recorded for it. So the code has changed when a handling ends without having asked for one of them,
 * or asks for one that another service recorded. The first is looked at before the outcome is committed, and not when
 *
 * - nothing was recorded before: a first handling can mix nothing;
 * - the outcome is empty: nothing is handed on;
 * - the outcome has an `expect`: it was computed from a state that others change, and its steps follow that state;
 * - the steps' results are kept elsewhere too (an event-sourced chat), so that only the newest are asked for again.
 */
export class ProgramGuard {
  private readonly asked = new Set<string>();
  private readonly elsewhere: string[] = [];
  private isTold = false;

  /** `mayMix`: whether steps were recorded for the event before this handling. */
  constructor(private readonly redis: Redis, private readonly recorder: Recorder, private readonly policy: ProgramChange, private mayMix: boolean) {}

  keptElsewhere(prefix: string): void {
    this.elsewhere.push(prefix);
  }

  ask(step: string): void {
    this.asked.add(step);
  }

  /** A step's result was there: recorded by `by` ("service event"). Throws `CASC_PROGRAM_CHANGED` (terminal). */
  async found(step: string, by: string | null): Promise<void> {
    this.mayMix = true;
    const service = by?.split(' ')[0] ?? this.recorder.service;
    if (service !== this.recorder.service) await this.changed(`asks for a step that ${service} recorded`, [step]);
  }

  /** Throws `CASC_PROGRAM_CHANGED` (terminal). */
  async check(outcome: Outcome): Promise<void> {
    const isEmpty = outcome.save.length === 0 && outcome.publish.length === 0;
    if (!this.mayMix || isEmpty || outcome.expect !== undefined) return;
    const { cascadeId, service, eventId } = this.recorder;
    const recorded = Object.entries(await this.redis.hgetall(redisKeys.steps(cascadeId)));
    const missed = recorded.filter(([step, by]) => by === `${service} ${eventId}` && !this.asked.has(step)).map(([step]) => step)
      .filter((step) => !this.elsewhere.some((prefix) => step.startsWith(prefix)));
    if (missed.length > 0) await this.changed('no longer asks for steps that it recorded', missed);
  }

  private async changed(how: string, steps: readonly string[]): Promise<void> {
    const { cascadeId, service } = this.recorder;
    const named = [...steps].sort().slice(0, MAX_NAMED).join(', ');
    const text = `The program of ${service} was changed while this cascade ran: it ${how} (${named})`;
    if (this.policy === 'fail') {
      throw terminal('CASC_PROGRAM_CHANGED', `${text}.`, { findings: steps.slice(0, MAX_NAMED), advice: 'Start the request again. With CASCADE_PROGRAM_CHANGE=continue running cascades go on with a changed program.' });
    }
    if (this.isTold) return;
    this.isTold = true;
    await appendLine(this.redis, cascadeId, service, { kind: 'notice', text });
  }
}
