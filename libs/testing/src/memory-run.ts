import { needsInput, parseEffect, terminal, type Effect, type EffectIntent, type Json, type Progress, type Run, type StepOptions, type Usage } from '@cascade/contracts';

export interface MemoryRunOptions {
  readonly cascadeId?: string;
  readonly signal?: AbortSignal;
  /** Upper bounds for all steps together; unbounded unless given. */
  readonly budget?: { readonly tokens?: number; readonly usd?: number };
  /** Answers to `ask`, by its name. */
  readonly answers?: Readonly<Record<string, string>>;
}

interface Entry {
  readonly json: string | undefined;
  readonly usage: Usage | undefined;
}

/**
 * A `Run` for tests of handlers: its journal is a map. It keeps what the real one promises: a finished step gives its
 * recorded result, results survive JSON, budgets are checked before a step runs. It is stricter in one thing: a step's
 * name used twice by one run is an error, because the second use would silently get the first one's result.
 *
 * `restart()` gives the run that a handler would get after a crash: the same journal, names free again.
 */
export class MemoryRun implements Run {
  readonly cascadeId: string;
  readonly signal: AbortSignal;
  /** How often the handler was started, this time included. */
  readonly fence: number;
  /** Every line of the timeline, in order. */
  readonly lines: Progress[] = [];
  /** Every effect, in the order in which they were recorded. */
  readonly effects: Effect[];
  private readonly used = new Set<string>();

  constructor(private readonly options: MemoryRunOptions = {}, private readonly journal = new Map<string, Entry>(), effects: Effect[] = [], fence = 1) {
    this.cascadeId = options.cascadeId ?? 'cascade-1';
    this.signal = options.signal ?? new AbortController().signal;
    this.effects = effects;
    this.fence = fence;
  }

  /** The same cascade after a crash, or after a person gave these answers: finished steps keep their results. */
  restart(answers: Readonly<Record<string, string>> = {}): MemoryRun {
    return new MemoryRun({ ...this.options, answers: { ...this.options.answers, ...answers } }, this.journal, this.effects, this.fence + 1);
  }

  /** Names of finished steps, in the order in which they finished. */
  get steps(): readonly string[] {
    return [...this.journal.keys()];
  }

  /** What all finished steps cost together. */
  get usage(): Usage {
    const sum = { promptTokens: 0, completionTokens: 0, usd: 0 };
    for (const { usage } of this.journal.values()) {
      sum.promptTokens += usage?.promptTokens ?? 0;
      sum.completionTokens += usage?.completionTokens ?? 0;
      sum.usd += usage?.usd ?? 0;
    }
    return sum;
  }

  async step<T extends Json>(name: string, fn: () => Promise<T>, options: StepOptions<T> = {}): Promise<T> {
    if (this.used.has(name)) {
      throw terminal('CASC_STEP_NAME_REUSED', `The step "${name}" was used twice in one run.`, { advice: 'Name it by what differs, or use restart() to run the handler again.' });
    }
    this.used.add(name);
    const recorded = this.journal.get(name);
    if (recorded !== undefined) return revive<T>(recorded.json);
    this.signal.throwIfAborted();
    this.checkBudget(name, options.reserve);
    const result = await fn();
    const json = JSON.stringify(result);
    this.journal.set(name, { json, usage: options.usage?.(result) });
    return revive<T>(json);
  }

  async effect<T extends Json>(intent: EffectIntent, fn: () => Promise<T>): Promise<T> {
    const { kind, key } = intent;
    if (!this.effects.some((effect) => effect.kind === kind && effect.key === key)) this.effects.push(parseEffect(intent));
    return this.step(`effect/${kind}/${key}`, fn);
  }

  /** Not looked at: a test changes no program. */
  keptElsewhere(): void {}

  async progress(line: Progress): Promise<void> {
    this.lines.push(line);
  }

  async ask(name: string, question: string): Promise<string> {
    const answer = this.options.answers?.[name];
    if (answer === undefined) throw needsInput('CASC_INPUT_NEEDED', question);
    return answer;
  }

  private checkBudget(name: string, reserve: Usage | undefined): void {
    const { budget } = this.options;
    if (budget === undefined || reserve === undefined) return;
    const spent = this.usage;
    const tokens = spent.promptTokens + spent.completionTokens + reserve.promptTokens + reserve.completionTokens;
    if (tokens > (budget.tokens ?? Infinity) || spent.usd + reserve.usd > (budget.usd ?? Infinity)) {
      throw terminal('CASC_BUDGET_EXCEEDED', `The step "${name}" does not fit the budget of the cascade.`);
    }
  }
}

function revive<T>(json: string | undefined): T {
  return (json === undefined ? undefined : JSON.parse(json)) as T;
}

