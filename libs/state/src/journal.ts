import { setTimeout as delay } from 'node:timers/promises';
import { RedisScript } from '@cascade/streams';
import { currentSpan, names, traced } from '@cascade/telemetry';
import type { Redis } from 'ioredis';
import { redisKeys, retryable, terminal, type Json, type StepOptions, type Usage } from '@cascade/contracts';
import type { ProgramGuard, Recorder } from './program-guard.js';
import type { HeldStep, Refusal } from './reservations.js';
import type { StepLeases } from './step-leases.js';
import type { StepResults } from './step-results.js';

/** First and longest pause before another look at a step that somebody else runs, in milliseconds. */
const FIRST_LOOK_MS = 20;
const LONGEST_LOOK_MS = 1_000;

const script = {
  begin: new RedisScript(new URL('./lua/begin-step.lua', import.meta.url)),
  record: new RedisScript(new URL('./lua/record-step.lua', import.meta.url)),
};

const nothing: Usage = { promptTokens: 0, completionTokens: 0, usd: 0 };

/** Whose journal entries are read and written. */
export interface JournalOwner extends Recorder {
  /** Whose budget counts, beside the cascade's own. */
  readonly tenant: string;
  /** The run's fencing token: it holds the leases of the run's steps. */
  readonly fence: number;
  readonly signal: AbortSignal;
}

/** See lua/begin-step.lua. */
type Begun = ['known', string, string | null] | ['begun'] | ['busy', number] | ['refused', ...Refusal];

/**
 * The journal of one cascade, as one run of a handler sees it: what the steps returned, and what they cost.
 *
 * A step that is not journalled is leased before it runs, and what it may cost is reserved with the lease. So of several
 * workers that come to the same step (a claim taken over while its holder still lives, an event delivered twice) one runs
 * it and the others wait for its result, until the lease lapses because its holder died. A step's cost is added in the
 * script that journals its result, which refuses whoever lost the lease to somebody else meanwhile; the tenant's part is
 * in `Reservations`.
 */
export class Journal {
  /** This run's steps under way: a lease does not keep a run from itself. */
  private readonly underWay = new Map<string, Promise<string>>();

  constructor(private readonly redis: Redis, private readonly owner: JournalOwner, private readonly leases: StepLeases, private readonly guard: ProgramGuard, private readonly results: StepResults) {}

  /**
   * Throws `CASC_BUDGET_EXCEEDED`, `CASC_STEP_RESULT_TOO_LARGE`, `CASC_STEP_RESULT_LOST` and `CASC_PROGRAM_CHANGED`, all terminal, `CASC_LEASE_LOST` (retryable), what the
   * signal aborts with while it waits for another worker, and whatever `fn` throws.
   */
  async step<T extends Json>(name: string, fn: () => Promise<T>, options: StepOptions<T> = {}): Promise<T> {
    this.guard.ask(name);
    let work = this.underWay.get(name);
    if (work === undefined) {
      work = traced(`step ${name.split('/', 1)[0]}`, { attributes: { [names.step]: name } }, () => this.once(name, fn, options)).finally(() => this.underWay.delete(name));
      this.underWay.set(name, work);
    }
    return this.results.decode<T>(name, await work); // a copy for each
  }

  private async once<T extends Json>(name: string, fn: () => Promise<T>, options: StepOptions<T>): Promise<string> {
    const known = await this.begin(name, options.reserve);
    currentSpan().set({ [names.stepReplayed]: known !== undefined });
    if (known !== undefined) return known;
    const { cascadeId, tenant, fence } = this.owner;
    const held = { cascadeId, tenant, step: name, fence };
    const isPaid = options.reserve !== undefined || options.usage !== undefined;
    return this.leases.during(held, isPaid, async () => {
      if (isPaid) await this.reserve(held, options.reserve ?? nothing);
      const result = await fn();
      const usage = options.usage?.(result);
      if (isPaid) await this.leases.reservations.settle(held, usage ?? nothing);
      return this.record(name, await this.results.encode(name, result), usage);
    });
  }

  private async reserve(held: HeldStep, usage: Usage): Promise<void> {
    const refusal = await this.leases.reservations.reserve(held, this.leases.ttlMs, usage);
    if (refusal !== undefined) throw exceeded(held.step, held.tenant, usage, refusal);
  }

  /** The journalled result, or undefined when the step is ours to run. */
  private async begin(name: string, reserve: Usage | undefined): Promise<string | undefined> {
    const reserved = reserve === undefined ? ['', ''] : [reserve.promptTokens + reserve.completionTokens, reserve.usd];
    const args = [name, this.owner.fence, this.leases.ttlMs, ...reserved];
    for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 2, LONGEST_LOOK_MS)) {
      const answer = (await script.begin.run(this.redis, this.keys, args)) as Begun;
      switch (answer[0]) {
        case 'known':
          await this.guard.found(name, answer[2]);
          return answer[1];
        case 'begun': return undefined;
        case 'refused': {
          const [, ...refusal] = answer;
          throw exceeded(name, undefined, reserve ?? nothing, refusal);
        }
        case 'busy': await this.pause(Math.min(look, answer[1] + 1));
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    const { signal } = this.owner;
    await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  private async record(name: string, text: string, usage: Usage | undefined): Promise<string> {
    const { promptTokens, completionTokens, usd } = usage ?? nothing;
    const args = [name, this.owner.fence, text, usage === undefined ? 0 : 1, promptTokens, completionTokens, usd, this.owner.service, this.owner.eventId];
    const recorded = (await script.record.run(this.redis, this.keys, args)) as string | null;
    if (recorded !== null) return recorded;
    throw retryable('CASC_LEASE_LOST', `Another worker took over step ${name} while this one was out of touch.`, {
      advice: 'The machine was frozen or overloaded, or CASCADE_CLAIM_IDLE_MS is too short for it.',
    });
  }

  private get keys(): string[] {
    const { cascadeId: id } = this.owner;
    return [redisKeys.journal(id), redisKeys.leases(id), redisKeys.cascade(id), redisKeys.steps(id)];
  }
}

/** `tenant`: whose ceiling is passed, if it is not the cascade's own. */
function exceeded(name: string, tenant: string | undefined, reserve: Usage, [spent, ceiling, spentUsd, ceilingUsd]: Refusal): Error {
  const limits = [ceiling === '' ? '' : `${spent} of ${ceiling} tokens`, ceilingUsd === '' ? '' : `${spentUsd} of ${ceilingUsd} USD`].filter((part) => part !== '');
  const tokens = reserve.promptTokens + reserve.completionTokens;
  const whose = tenant === undefined ? 'The budget' : `The budget of tenant ${tenant}`;
  return terminal('CASC_BUDGET_EXCEEDED', `${whose} does not allow step ${name}: ${limits.join(' and ')} are spent or reserved, and it may need ${tokens} tokens (${reserve.usd} USD).`, {
    advice: tenant === undefined ? 'Start again with a higher --budget-tokens or --budget-usd.' : `Raise it with \`cascade budget ${tenant} --tokens … --usd …\`, and start again.`,
  });
}
