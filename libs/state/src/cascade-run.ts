import type { Redis } from 'ioredis';
import { needsInput, redisKeys, type EffectIntent, type Json, type Progress, type Run, type StepOptions } from '@cascade/contracts';
import { Effects } from './effects.js';
import { Journal, type JournalOwner } from './journal.js';
import type { StepLeases } from './step-leases.js';
import { appendLine } from './timeline.js';

/** Prefix of a NeedsInput error's finding that carries the question's name. */
export const QUESTION_FINDING = 'question: ';

export class CascadeRun implements Run {
  readonly cascadeId: string;
  readonly fence: number;
  readonly signal: AbortSignal;
  private readonly journal: Journal;

  constructor(private readonly redis: Redis, private readonly service: string, owner: JournalOwner, leases: StepLeases) {
    this.cascadeId = owner.cascadeId;
    this.fence = owner.fence;
    this.signal = owner.signal;
    this.journal = new Journal(redis, owner, leases);
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

  async progress(line: Progress): Promise<void> {
    await appendLine(this.redis, this.cascadeId, this.service, line);
  }

  async ask(name: string, question: string): Promise<string> {
    const answer = await this.redis.hget(redisKeys.answers(this.cascadeId), name);
    if (answer !== null) return answer;
    throw needsInput('CASC_INPUT_NEEDED', question, { findings: [`${QUESTION_FINDING}${name}`], advice: `Answer with: cascade answer ${this.cascadeId} ${name} "…"` });
  }
}
