import { Cascades } from '@cascade/state';
import { createConnection } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { openPlace, type Place } from './place.js';
import type { Screen } from './screen.js';

/** What every command gets besides its own arguments. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
  /** How this command line was called, for advice: `cascade`, or `npm run cascade --`. */
  readonly command: string;
}

/** Options that several commands share. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly remote?: boolean;
}

/** Options of the commands that follow a cascade. */
export interface FollowOptions extends SharedOptions {
  /** False (`--no-wait`): end where a person is waited for. */
  readonly wait?: boolean;
}

/** Runs `fn` with a Redis, and leaves that Redis as it was found. */
export async function withPlace<T>(context: CommandContext, remote: boolean, fn: (place: Place) => Promise<T>): Promise<T> {
  const place = await openPlace(context.env, remote);
  try {
    return await fn(place);
  } finally {
    await place.close();
  }
}

/** Runs `fn` with the cascades' records in that Redis. */
export async function withCascades<T>(place: Place, fn: (cascades: Cascades, redis: Redis) => Promise<T>): Promise<T> {
  const redis = createConnection({ url: place.redisUrl, name: 'cascade-cli', role: 'commands' });
  redis.on('error', () => undefined); // it connects again by itself
  try {
    return await fn(new Cascades(redis), redis);
  } finally {
    redis.disconnect();
  }
}
