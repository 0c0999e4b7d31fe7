import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { pack, unpack, type Unpacked } from './message-pack.js';

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
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#call(
      () => redis.evalsha(this.#digest, keys.length, ...keys, ...args),
      () => redis.eval(this.#lua, keys.length, ...keys, ...args),
    );
  }

  /** Runs a script that takes all its arguments as one MessagePack list and gives its reply as one MessagePack value. */
  async runPacked(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<Unpacked> {
    const packed = pack(args);
    return unpack(await this.#call(
      () => asBuffers(redis).evalshaBuffer(this.#digest, keys.length, ...keys, packed),
      () => asBuffers(redis).evalBuffer(this.#lua, keys.length, ...keys, packed),
    ) as Buffer);
  }

  async #call(byDigest: () => Promise<unknown>, whole: () => Promise<unknown>): Promise<unknown> {
    try {
      return await byDigest();
    } catch (error) {
      // A restarted or promoted server has an empty script cache.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await whole();
    }
  }
}

type Call = (script: string, keyCount: number, ...keysAndArguments: (string | Buffer)[]) => Promise<unknown>;

/** ioredis has these, but its types do not know them. */
const asBuffers = (redis: Redis): { readonly evalshaBuffer: Call; readonly evalBuffer: Call } => redis as never;
