import { type Fault, type FaultName, type Faults } from '../faults/faults.js';
import { type JournalEntry } from '../journal.js';
import { Refusal } from '../world/refusal.js';
import { secondaryRefusal } from './limits.js';

/** What is sent: `cut` ends the connection without an answer. */
export type ApiAnswer = { readonly kind: 'cut' } | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string | Buffer };

/** Faults that strike before a request has an effect, and those that strike its answer. */
export class RequestFaults {
  constructor(private readonly faults: Faults) {}

  strike(name: FaultName, entry: JournalEntry): Fault | undefined {
    const fault = this.faults.strike(name, { operation: entry.operation, path: entry.path, by: entry.by });
    if (fault !== undefined) entry.faults.push(name);
    return fault;
  }

  /** @returns whether the connection is cut. @throws Refusal what is answered instead of an effect */
  async before(entry: JournalEntry): Promise<boolean> {
    await this.strike('request-held', entry)?.released();
    if (this.strike('connection-reset', entry) !== undefined) return true;
    const error = this.strike('error-before', entry);
    if (error !== undefined) throw new Refusal(error.order.status ?? 502, 'Server Error');
    const limit = this.strike('secondary-limit', entry);
    if (limit !== undefined) throw secondaryRefusal(limit.order.status ?? 403, limit.order.seconds ?? 60);
    return false;
  }

  async after(entry: JournalEntry, answer: ApiAnswer): Promise<ApiAnswer> {
    await this.strike('answer-held', entry)?.released();
    const delay = this.strike('answer-delayed', entry);
    if (delay !== undefined) await new Promise((resolve) => { setTimeout(resolve, delay.order.ms ?? 0).unref(); });
    if (this.strike('answer-lost', entry) !== undefined) return { kind: 'cut' };
    const error = this.strike('error-after', entry);
    return error === undefined ? answer : { kind: 'answer', status: error.order.status ?? 502, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"message":"Server Error"}' };
  }
}
