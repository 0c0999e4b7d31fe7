import { cascadeCleanUpRequested, terminal } from '@cascade/contracts';
import { Effects, isTerminal } from '@cascade/state';
import { EventPublisher, type RedisSettings } from '@cascade/streams';
import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { REDIS_PATIENCE_MS } from '../follow.js';
import { isRemote } from '../place.js';
import { harmless, oneLine } from '../screen.js';

/**
 * Asks for another try at what a clean-up had to park. Running services do it; otherwise the next ones that start.
 * Throws `CASC_CASCADE_RUNNING` (terminal) when the cascade has not ended.
 */
export async function cleanUp(id: string, options: SharedOptions, context: CommandContext): Promise<number> {
  const { screen, env, command } = context;
  return withPlace(context, isRemote(env, options.remote), (place) => withCascades(place, async (cascades, redis) => {
    const record = await cascades.require(id);
    if (!isTerminal(record.state)) throw terminal('CASC_CASCADE_RUNNING', `Cascade ${id} has not ended; there is nothing to clean up yet.`, { advice: `Cancel it first: \`${command} cancel ${id}\`.` });
    const parked = (await new Effects(redis).list(id)).filter((effect) => effect.progress.state === 'parked');
    for (const { field, progress } of parked) screen.data(options.json === true ? JSON.stringify({ effect: field, ...progress }) : `${oneLine(harmless(field), 60).padEnd(60)}  ${oneLine(harmless(progress.problem?.message ?? ''), 100)}`);
    if (record.cleanUp === 'done') screen.notice(`Cascade ${id} is clean.`);
    else await ask(id, place.redis);
    if (record.cleanUp !== 'done') screen.notice(`The clean-up is tried again where services run; \`${command} status ${id}\` tells how it went.`);
    return exitCodes.done;
  }), id);
}

async function ask(cascadeId: string, redis: RedisSettings): Promise<void> {
  const publisher = new EventPublisher({ redis });
  try {
    await publisher.publish(cascadeCleanUpRequested, {}, { cascadeId, source: 'urn:cascade:cli', signal: AbortSignal.timeout(REDIS_PATIENCE_MS) });
  } finally {
    await publisher.close();
  }
}
