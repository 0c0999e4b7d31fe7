import type { Redis } from 'ioredis';
import { needsInput, redisKeys, type EffectIntent, type Json, type Outcome, type Progress, type Run, type StepOptions } from '@cascade/contracts';
import { Effects } from './effects.js';
import { Journal, type JournalOwner } from './journal.js';
import { ProgramGuard, type ProgramChange } from './program-guard.js';
import type { StepLeases } from './step-leases.js';
import type { StepResults } from './step-results.js';
import { appendLine } from './timeline.js';

/** Prefix of a NeedsInput error's finding that carries the question's name. */
export const QUESTION_FINDING = 'question: ';

/** How a run was opened. */
export interface Opening extends JournalOwner {
  /** Whether steps were recorded for the event before. */
  readonly isAgain: boolean;
  readonly programChange: ProgramChange;
}

export class CascadeRun implements Run {
  readonly cascadeId: string;
  readonly fence: number;
  readonly signal: AbortSignal;
  private readonly service: string;
  private readonly journal: Journal;
  private readonly guard: ProgramGuard;

  constructor(private readonly redis: Redis, opening: Opening, leases: StepLeases, results: StepResults) {
    this.cascadeId = opening.cascadeId;
    this.fence = opening.fence;
    this.signal = opening.signal;
    this.service = opening.service;
    this.guard = new ProgramGuard(redis, opening, opening.programChange, opening.isAgain);
    this.journal = new Journal(redis, opening, leases, this.guard, results);
  }

  async step<T extends Json>(name: string, fn: () => Promise<T>, options?: StepOptions<T>): Promise<T> {
    this.signal.throwIfAborted();
    return this.journal.step(name, fn, options);
  }

  async effect<T extends Json>(intent: EffectIntent, fn: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    await new Effects(this.redis).record(this.cascadeId, intent);
    return this.journal.step(`effect/${intent.kind}/${intent.key}`, fn);
  }

  keptElsewhere(prefix: string): void {
    this.guard.keptElsewhere(prefix);
  }

  /** Throws `CASC_PROGRAM_CHANGED` (terminal) when the handler that gives this outcome is not the one whose steps it used. */
  async check(outcome: Outcome): Promise<void> {
    await this.guard.check(outcome);
  }

  async progress(line: Progress): Promise<void> {
    await appendLine(this.redis, this.cascadeId, this.service, line);
  }

  async ask(name: string, question: string): Promise<string> {
    const answer = await this.redis.hget(redisKeys.answers(this.cascadeId), name);
    if (answer !== null) return answer;
    throw needsInput('CASC_INPUT_NEEDED', question, { findings: [`${QUESTION_FINDING}${name}`], advice: `Answer with: cascade answer ${this.cascadeId} ${name} "…"` });
  }
}
