import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** A Lua script that lies beside the code. Sent by its digest; whole only to a server that does not know it yet. */
export class RedisScript {
  readonly #lua: string;
  readonly #digest: string;

  /** `file`: the script's own address, e.g. `new URL('./lua/x.lua', import.meta.url)`. */
  constructor(file: URL) {
    this.#lua = readFileSync(file, 'utf8');
    this.#digest = createHash('sha1').update(this.#lua).digest('hex');
  }

  /** Runs the script; its reply is unchecked, the caller knows the shape from the script's header. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      // A restarted or promoted server has an empty script cache.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.eval(this.#lua, keys.length, ...keys, ...args);
    }
  }
}
