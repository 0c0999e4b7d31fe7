import { redisKeys } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';

const script = new RedisScript(new URL('./lua/write-of-cascade.lua', import.meta.url));

/** One write to a key of a cascade outside of an outcome; a key that is written after the clean-up expires all the same. */
export function writeOfCascade(redis: Redis, cascadeId: string, command: 'HSETNX' | 'XADD', key: string, ...args: (string | number)[]): Promise<unknown> {
  return script.run(redis, [key, redisKeys.cascade(cascadeId)], [command, ...args]);
}
