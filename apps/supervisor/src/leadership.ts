import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Leases, type Lease } from '@cascade/state';
import { Redis } from 'ioredis';

/** How long a supervisor that died is waited for, in milliseconds: well inside the grace of 30 s of a cascade's end. */
export const LEADERSHIP_MS = 10_000;

/**
 * Of several supervisors one leads: it sweeps deadlines. A follower asks for the lease at every turn; the leader renews it
 * when a third of it is over; one that cannot renew in time stops leading by its own monotonic clock. A process that was
 * frozen may act once more before it knows: everything that it could write is guarded by scripts that look at the state
 * and the deadline themselves, so the worst it does is nothing.
 */
@Injectable()
export class Leadership implements OnApplicationShutdown {
  private readonly leases: Leases;
  private readonly holder = `${hostname()}-${process.pid}-${randomUUID()}`;
  private lease: Lease | undefined;
  private renewAt = 0;

  constructor(private readonly redis: Redis) {
    this.leases = new Leases(redis);
  }

  /** Whether this process led when it last asked, and still does as far as it knows. */
  get leads(): boolean {
    return this.lease?.isHeld === true;
  }

  /** Whether this process leads now. Rejects when Redis does not answer. */
  async lead(): Promise<boolean> {
    if (this.lease?.isHeld === true && performance.now() < this.renewAt) return true;
    this.renewAt = performance.now() + LEADERSHIP_MS / 3;
    if (this.lease !== undefined && await this.lease.renew()) return true;
    this.lease = await this.leases.acquire('supervisor', this.holder, LEADERSHIP_MS);
    return this.lease !== undefined;
  }

  /** Lets the next one lead at once. */
  async onApplicationShutdown(): Promise<void> {
    if (this.redis.status !== 'ready') return; // it runs out by itself
    await this.lease?.release().catch(() => undefined);
  }
}
