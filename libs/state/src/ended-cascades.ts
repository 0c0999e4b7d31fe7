import { keepAlive, SILENCE_MS } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { cancelled, redisKeys } from '@cascade/contracts';
import { isTerminal, type CascadeState } from './cascade-record.js';
import { ENDED_CHANNEL } from './cascades.js';

/**
 * Aborts the work on cascades that end while it goes on. Listens on one connection of its own; because a published
 * message is lost while that connection is down, every watched cascade's state is read again after each subscription.
 */
export class EndedCascades {
  private readonly watched = new Map<string, Set<AbortController>>();
  private readonly subscriber: Redis;

  constructor(private readonly redis: Redis) {
    this.subscriber = keepAlive(redis.duplicate({ maxRetriesPerRequest: null, autoResubscribe: false, lazyConnect: false, socketTimeout: SILENCE_MS }), SILENCE_MS);
    this.subscriber.on('error', () => undefined); // reported by the connections that serve requests
    this.subscriber.on('message', (_channel: string, id: string) => this.abort(id));
    this.subscriber.on('ready', () => void this.subscribe().catch(() => undefined)); // a lost connection leads to another `ready`
  }

  /** A signal that aborts when the cascade ends; `close` forgets it. */
  async watch(id: string): Promise<{ signal: AbortSignal; close(): void }> {
    const controller = new AbortController();
    const set = this.watched.get(id) ?? new Set();
    this.watched.set(id, set.add(controller));
    await this.check(id);
    const close = (): void => {
      set.delete(controller);
      if (set.size === 0 && this.watched.get(id) === set) this.watched.delete(id);
    };
    return { signal: controller.signal, close };
  }

  close(): void {
    this.subscriber.disconnect();
  }

  private async subscribe(): Promise<void> {
    await this.subscriber.subscribe(ENDED_CHANNEL);
    await Promise.all([...this.watched.keys()].map((id) => this.check(id)));
  }

  private async check(id: string): Promise<void> {
    const state = await this.redis.hget(redisKeys.cascade(id), 'state');
    if (state !== null && isTerminal(state as CascadeState)) this.abort(id);
  }

  private abort(id: string): void {
    for (const controller of this.watched.get(id) ?? []) controller.abort(cancelled(`Cascade ${id} has ended.`));
  }
}
