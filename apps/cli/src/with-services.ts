import { setTimeout as delay } from 'node:timers/promises';
import { isCascadeError, redisKeys } from '@cascade/contracts';
import { isTerminal } from '@cascade/state';
import { withCascades, type CommandContext } from './command-context.js';
import { exitCodes } from './exit-codes.js';
import { followToEnd, howToAsk } from './follow-to-end.js';
import { listenForInterrupt } from './interrupt.js';
import { startServices, type Place } from './place.js';
import { untilMirrored } from './until-mirrored.js';

/** How long the services of this process are kept running for the clean-up after a cascade's end. */
const CLEAN_UP_MS = 5_000;
const LOOK_AGAIN_MS = 25;
/** Handlers that wait for a Redis that is gone cannot finish; what they have not saved is done again by `resume`. */
const STOP_WITHOUT_REDIS_MS = 2_000;

export interface Work {
  readonly id: string;
  readonly json: boolean;
  readonly remote: boolean;
  /** False: end where a person is waited for. */
  readonly wait: boolean;
  /** Done when services run, before the cascade is followed. */
  readonly begin: () => Promise<void>;
}

/**
 * Runs services in this process (unless they run elsewhere) while a cascade is followed to its end; gives the exit code.
 * ^C stops them in good order.
 */
export async function withServices(place: Place, work: Work, context: CommandContext): Promise<number> {
  const { id, json, remote, wait } = work;
  const { screen, command } = context;
  const interrupt = listenForInterrupt(() => screen.notice(`\nStopping; \`${command} resume ${id}\` goes on. (^C again ends at once.)`));
  try {
    const services = await startServices(place, remote, context);
    let redisLost = false;
    try {
      if (interrupt.happened) return exitCodes.interrupted;
      await work.begin();
      const exitCode = await followToEnd({ redis: place.redis, id, json, screen, command, signal: interrupt.signal, questions: howToAsk(wait, json, screen) });
      if (!remote && !interrupt.happened) {
        await untilCleaned(place, id);
        await untilMirrored(place, context);
      }
      return exitCode;
    } catch (error) {
      redisLost = isCascadeError(error) && error.code === 'CASC_REDIS_LOST';
      throw error;
    } finally {
      await (redisLost ? stopWithoutRedis(services) : services.stop());
    }
  } finally {
    interrupt.close();
  }
}

async function stopWithoutRedis(services: { stop(): Promise<void> }): Promise<void> {
  await Promise.race([services.stop().catch(() => undefined), delay(STOP_WITHOUT_REDIS_MS, undefined, { ref: false })]);
}

/** A clean-up that takes longer is done by the next services. */
async function untilCleaned(place: Place, id: string): Promise<void> {
  await withCascades(place, async (cascades, redis) => {
    const record = await cascades.find(id);
    if (record === undefined || !isTerminal(record.state)) return;
    const until = performance.now() + CLEAN_UP_MS;
    while (performance.now() < until && await redis.hexists(redisKeys.cascade(id), 'clean_up') === 0) await delay(LOOK_AGAIN_MS);
  });
}
