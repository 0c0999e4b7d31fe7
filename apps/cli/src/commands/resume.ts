import { isTerminal } from '@cascade/state';
import { requireModelConfig } from '@cascade/llm';
import { readHostConfig } from '@cascade/service-host';
import { withCascades, withPlace, type CommandContext, type FollowOptions } from '../command-context.js';
import { tellEnding } from '../ending.js';
import { isRemote } from '../place.js';
import { withServices } from '../with-services.js';

/** Goes on with a cascade that was interrupted: services start, take over what was left undone, and it is followed. */
export async function resume(id: string, options: FollowOptions, context: CommandContext): Promise<number> {
  const { screen, env, command } = context;
  const remote = isRemote(env, options.remote);
  const json = options.json === true;
  const wait = options.wait !== false;
  return withPlace(context, remote, async (place) => {
    const record = await withCascades(place, (cascades) => cascades.require(id));
    if (isTerminal(record.state) || (record.state === 'waiting' && !wait)) return tellEnding(record, { json, screen, command });
    if (!remote) {
      requireModelConfig(env);
      screen.notice(`Work that a killed process held is taken over after ${readHostConfig(place.env).claimIdleMs / 1000} s.`);
    }
    return withServices(place, { id, json, remote, wait, begin: async () => undefined }, context);
  }, id);
}
