import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { Leases, type Lease } from './leases.js';

/** How long a leader that died is waited for, in milliseconds: well inside the grace of 30 s of a cascade's end. */
export const LEADERSHIP_MS = 10_000;

/**
 * Of several processes of a service one leads. A follower asks for the lease at every turn; the leader renews it when a
 * third of it is over; one that cannot renew in time stops leading by its own monotonic clock. A process that was frozen
 * may act once more before it knows: what it writes in Redis is to be guarded by scripts that look at the state, or at
 * `token`, themselves.
 */
export class Leadership {
  private readonly leases: Leases;
  private readonly holder = `${hostname()}-${process.pid}-${randomUUID()}`;
  private lease: Lease | undefined;
  private renewAt = 0;
  private asking: Promise<boolean> | undefined;

  /** `name`: of the lease, and of what is led. */
  constructor(private readonly redis: Redis, private readonly name: string) {
    this.leases = new Leases(redis);
  }

  /** Whether this process led when it last asked, and still does as far as it knows. */
  get leads(): boolean {
    return this.lease?.isHeld === true;
  }

  /** Of the lease that this process has; it grows from one leader to the next. 0 when it has none. */
  get token(): number {
    return this.lease?.isHeld === true ? this.lease.token : 0;
  }

  /** Whether this process leads now. Rejects when Redis does not answer. */
  lead(): Promise<boolean> {
    if (this.leads && performance.now() < this.renewAt) return Promise.resolve(true);
    return this.asking ??= this.ask().finally(() => (this.asking = undefined)); // two leases of one process would have two tokens
  }

  private async ask(): Promise<boolean> {
    this.renewAt = performance.now() + LEADERSHIP_MS / 3;
    if (this.lease !== undefined && await this.lease.renew()) return true;
    this.lease = await this.leases.acquire(this.name, this.holder, LEADERSHIP_MS);
    return this.lease !== undefined;
  }

  /** Lets the next one lead at once. Nest calls it on a provider. */
  async onApplicationShutdown(): Promise<void> {
    if (this.redis.status !== 'ready') return; // it runs out by itself
    await this.lease?.release().catch(() => undefined);
  }
}
