import type { Redis } from 'ioredis';
import { needsInput, redisKeys, type Json, type Progress, type Run, type StepOptions } from '@cascade/contracts';
import { Journal } from './journal.js';
import { appendLine } from './timeline.js';

/** Prefix of a NeedsInput error's finding that carries the question's name. */
export const QUESTION_FINDING = 'question: ';

export class CascadeRun implements Run {
  private readonly journal: Journal;

  constructor(private readonly redis: Redis, private readonly service: string, readonly cascadeId: string, readonly signal: AbortSignal) {
    this.journal = new Journal(redis, cascadeId);
  }

  async step<T extends Json>(name: string, fn: () => Promise<T>, options?: StepOptions<T>): Promise<T> {
    this.signal.throwIfAborted();
    return this.journal.step(name, fn, options);
  }

  async effect<T extends Json>(kind: string, key: string, undo: Json, fn: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    await this.redis.hsetnx(redisKeys.effects(this.cascadeId), `${kind}:${key}`, JSON.stringify({ kind, key, undo, at: new Date().toISOString() }));
    return this.journal.step(`effect/${kind}/${key}`, fn);
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
