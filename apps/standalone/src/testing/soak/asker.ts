import { cascadeRequested } from '@cascade/contracts';
import type { EventPublisher } from '@cascade/streams';

/** Keeps a fixed number of cascades in flight until as many as were asked for are over and cleaned up. */
export class Asker {
  readonly #open = new Set<string>();
  #left = 0;
  #done: ReturnType<typeof Promise.withResolvers<void>> | undefined;

  constructor(private readonly publisher: EventPublisher, private readonly inFlight: number) {}

  /** Rejects when a cascade fails, which none of these may. */
  async ask(count: number): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#done = done;
    this.#left = count;
    await Promise.all(Array.from({ length: Math.min(count, this.inFlight) }, () => this.#next()));
    await done.promise;
  }

  ended(id: string): void {
    if (!this.#open.delete(id)) return;
    if (this.#left > 0) void this.#next();
    else if (this.#open.size === 0) this.#done?.resolve();
  }

  failed({ code, message }: { readonly code: string; readonly message: string }): void {
    this.#done?.reject(new Error(`a null cascade failed: ${code}: ${message}`));
  }

  async #next(): Promise<void> {
    this.#left -= 1;
    const id = crypto.randomUUID();
    this.#open.add(id);
    await this.publisher.publish(cascadeRequested, { request: 'Nothing', repository: '/nowhere' }, { id, cascadeId: id });
  }
}
