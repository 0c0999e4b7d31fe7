import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { redisKeys, terminal, type Json, type StepOptions, type Usage } from '@cascade/contracts';

/** Bound of one journalled result's JSON text in characters. */
export const MAX_STEP_CHARACTERS = 4 * 1024 * 1024;

const script = {
  reserve: new RedisScript(new URL('./lua/reserve-budget.lua', import.meta.url)),
  record: new RedisScript(new URL('./lua/record-step.lua', import.meta.url)),
};

const nothing: Usage = { promptTokens: 0, completionTokens: 0, usd: 0 };

/**
 * The journal of one cascade: what its steps returned, and what they cost. A step's cost is added in the same script
 * that journals its result, so a repeated step costs nothing. Reservations are kept by step, so that one that a crash
 * left behind is replaced when the step runs again.
 */
export class Journal {
  constructor(private readonly redis: Redis, private readonly cascadeId: string) {}

  /** Throws `CASC_BUDGET_EXCEEDED` and `CASC_STEP_RESULT_TOO_LARGE`, both terminal, and whatever `fn` throws. */
  async step<T extends Json>(name: string, fn: () => Promise<T>, options: StepOptions<T> = {}): Promise<T> {
    const known = await this.redis.hget(redisKeys.journal(this.cascadeId), name);
    if (known !== null) return revive<T>(known);
    if (options.reserve !== undefined) await this.reserve(name, options.reserve);
    const result = await fn();
    const text = JSON.stringify({ value: result });
    if (text.length > MAX_STEP_CHARACTERS) {
      throw terminal('CASC_STEP_RESULT_TOO_LARGE', `Step ${name} returned ${text.length} characters; the limit is ${MAX_STEP_CHARACTERS}.`);
    }
    return revive<T>(await this.record(name, text, options.usage?.(result)));
  }

  private async record(name: string, text: string, usage: Usage | undefined): Promise<string> {
    const cost = usage ?? nothing;
    const keys = [redisKeys.journal(this.cascadeId), redisKeys.cascade(this.cascadeId), redisKeys.reservations(this.cascadeId)];
    return String(await script.record.run(this.redis, keys, [name, text, usage === undefined ? 0 : 1, cost.promptTokens, cost.completionTokens, cost.usd]));
  }

  private async reserve(name: string, cost: Usage): Promise<void> {
    const tokens = cost.promptTokens + cost.completionTokens;
    const answer = (await script.reserve.run(this.redis, [redisKeys.cascade(this.cascadeId), redisKeys.reservations(this.cascadeId)], [name, tokens, cost.usd])) as [number, ...string[]];
    if (answer[0] === 1) return;
    const [, spent, ceiling, spentUsd, ceilingUsd] = answer;
    const limits = [ceiling === '' ? '' : `${spent} of ${ceiling} tokens`, ceilingUsd === '' ? '' : `${spentUsd} of ${ceilingUsd} USD`].filter((part) => part !== '');
    throw terminal('CASC_BUDGET_EXCEEDED', `The budget does not allow step ${name}: ${limits.join(' and ')} are spent or reserved, and it may need ${tokens} tokens (${cost.usd} USD).`, {
      advice: 'Start again with a higher --budget-tokens or --budget-usd.',
    });
  }
}

/** A fresh copy, so that a first run and a resumed one see the same plain data. */
function revive<T>(text: string): T {
  return (JSON.parse(text) as { value: T }).value;
}
