import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';

const script = new RedisScript(new URL('./lua/add-entries.lua', import.meta.url));
/** Most entries in one script call; Redis serves nobody else meanwhile. */
const MAX_BATCH = 64;

interface Waiting {
  readonly stream: string;
  /** Fields and values, one after the other. */
  readonly flat: readonly string[];
  resolve(entryId: string): void;
  reject(error: unknown): void;
}

/**
 * Adds entries to streams. What is asked for in the same turn of the event loop goes in one script call, in its order: one
 * command with many arguments costs a fraction of many commands.
 */
export class EntryAdder {
  #queue: Waiting[] = [];

  constructor(private readonly redis: Redis) {}

  /** The new entry's id. Throws what Redis says. */
  add(stream: string, flat: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#queue.length === 0) process.nextTick(() => this.#flush());
      this.#queue.push({ stream, flat, resolve, reject });
    });
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (let from = 0; from < queue.length; from += MAX_BATCH) void this.#addBatch(queue.slice(from, from + MAX_BATCH));
  }

  async #addBatch(batch: readonly Waiting[]): Promise<void> {
    const streams = [...new Set(batch.map(({ stream }) => stream))];
    const args: (string | number)[] = [];
    for (const { stream, flat } of batch) args.push(streams.indexOf(stream) + 1, flat.length, ...flat);
    try {
      const ids = (await script.runPacked(this.redis, streams, args)) as string[];
      batch.forEach((waiting, index) => {
        const id = ids[index]!;
        if (id.startsWith('-')) waiting.reject(new Error(id.slice(1)));
        else waiting.resolve(id);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
