import { firstSandboxUid, sandboxLimits, sandboxUidBlocks } from './limits.js';

/** A place to run in, and the kernel user that it runs as when Cascade is root. */
export interface Slot {
  readonly uid: number;
}

/**
 * A fixed number of slots, handed out first come first served.
 * Two runs never share a slot: RLIMIT_NPROC is summed over all processes of one kernel user, so runs of one user would take
 * each other's process budget.
 */
export class UidSlots {
  private readonly free: Slot[];
  private readonly waiting: ((slot: Slot) => void)[] = [];

  constructor(count: number = sandboxLimits.slots) {
    const first = firstSandboxUid + (process.pid % sandboxUidBlocks) * sandboxLimits.slots;
    this.free = Array.from({ length: count }, (_, index) => ({ uid: first + index }));
  }

  /** Waits for a free slot; rejects with the signal's reason when it aborts first. */
  async take(signal?: AbortSignal): Promise<Slot> {
    signal?.throwIfAborted();
    const slot = this.free.shift();
    if (slot !== undefined) return slot;
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const abort = (): void => {
      this.waiting.splice(this.waiting.indexOf(resolve), 1);
      reject(signal?.reason);
    };
    this.waiting.push(resolve);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  give(slot: Slot): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(slot);
    else next(slot);
  }
}
