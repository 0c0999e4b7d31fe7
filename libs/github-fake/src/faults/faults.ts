import { terminal } from '@cascade/messages';

/**
 * What can go wrong on the way, by name:
 *
 * - `request-held`: the request waits before it has any effect, until released; `connection-reset`: it is cut there.
 * - `error-before`: 5xx (`status`, 502) without an effect; `secondary-limit`: 403 or 429 (`status`) with `retry-after` (`seconds`).
 * - `answer-lost`: the effect happens, then the connection is cut; `error-after`: the effect happens, the answer is a 5xx.
 * - `answer-held`: the effect happens, the answer waits until released; `answer-delayed`: it waits `ms`.
 * - `list-lag`: lists show what they would have shown when the fault was ordered.
 * - `webhook-dropped`: not sent, logged as failed; `webhook-lost`: not sent, not logged; `webhook-duplicated`: sent `count` (2) times with one GUID;
 *   `webhook-held`: sent when released; `webhook-delayed`: sent after `ms`; `webhook-reordered`: `count` (2) of them are sent last first;
 *   `webhook-other-secret`: signed by `secret` instead of the hook's (a rotation that is not everywhere yet).
 */
export const requestFaults = ['request-held', 'connection-reset', 'error-before', 'secondary-limit', 'answer-lost', 'error-after', 'answer-held', 'answer-delayed', 'list-lag'] as const;
export const webhookFaults = ['webhook-dropped', 'webhook-lost', 'webhook-duplicated', 'webhook-held', 'webhook-delayed', 'webhook-reordered', 'webhook-other-secret'] as const;
export type FaultName = (typeof requestFaults)[number] | (typeof webhookFaults)[number];

export interface FaultOrder {
  readonly fault: FaultName;
  /** What it hits; all that is given must fit. GitHub's operation id (`issues/create`), `graphql` or `git`. */
  readonly operation?: string;
  /** Path of the request starts so. */
  readonly path?: string;
  /** Login of who asks. */
  readonly by?: string;
  /** Of webhooks. */
  readonly event?: string;
  readonly action?: string;
  /** How often it strikes (1); what comes first is let pass `after` times (0). */
  readonly times?: number;
  readonly after?: number;
  readonly status?: number;
  readonly seconds?: number;
  readonly ms?: number;
  readonly count?: number;
  readonly secret?: string;
}

/** A request or a webhook that a fault may hit. */
export interface FaultSubject {
  readonly operation?: string | undefined;
  readonly path?: string | undefined;
  readonly by?: string | undefined;
  readonly event?: string | undefined;
  readonly action?: string | undefined;
}

export class Fault {
  used = 0;
  #passed = 0;
  #isReleased = false;
  #waiting: (() => void)[] = [];
  #watching: { readonly times: number; readonly done: () => void }[] = [];

  constructor(readonly id: number, readonly order: FaultOrder) {}

  /** Resolves when it has struck this often. */
  happened(times = 1): Promise<void> {
    if (this.used >= times) return Promise.resolve();
    return new Promise((done) => { this.#watching.push({ times, done }); });
  }

  /** Lets go what it holds and never strikes again. */
  release(): void {
    this.#isReleased = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Runs at once when it was released already. */
  whenReleased(run: () => void): void {
    if (this.#isReleased) run();
    else this.#waiting.push(run);
  }

  released(): Promise<void> {
    return new Promise((go) => { this.whenReleased(go); });
  }

  /** Whether it strikes now; counts. */
  strikes(subject: FaultSubject): boolean {
    const { order } = this;
    if (this.#isReleased || this.used >= (order.times ?? 1)) return false;
    const fits = (['operation', 'by', 'event', 'action'] as const).every((key) => order[key] === undefined || order[key] === subject[key]);
    if (!fits || (order.path !== undefined && !(subject.path ?? '').startsWith(order.path))) return false;
    this.#passed += 1;
    if (this.#passed <= (order.after ?? 0)) return false;
    this.used += 1;
    for (const one of this.#watching) if (this.used >= one.times) one.done();
    return true;
  }
}

/** Faults that a test ordered. Deterministic: one strikes at the n-th fitting request, never by chance. */
export class Faults {
  readonly #faults: Fault[] = [];

  /** @param onOrder what must be remembered at the moment of the order */
  constructor(private readonly onOrder: (fault: Fault) => void = () => undefined) {}

  /** @throws CASC_FAKE_GITHUB_FAULT: there is no such fault */
  order(order: FaultOrder): Fault {
    if (![...requestFaults, ...webhookFaults].includes(order.fault)) throw terminal('CASC_FAKE_GITHUB_FAULT', `The fake GitHub knows no fault ${String(order.fault)}.`);
    const fault = new Fault(this.#faults.length + 1, order);
    this.#faults.push(fault);
    this.onOrder(fault);
    return fault;
  }

  get(id: number): Fault | undefined {
    return this.#faults[id - 1];
  }

  /** The first ordered fault of this name that strikes. */
  strike(name: FaultName, subject: FaultSubject): Fault | undefined {
    return this.#faults.find((one) => one.order.fault === name && one.strikes(subject));
  }

  releaseAll(): void {
    for (const one of this.#faults) one.release();
  }
}
