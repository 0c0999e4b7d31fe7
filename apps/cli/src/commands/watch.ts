import { withCascades, withPlace, type CommandContext, type FollowOptions } from '../command-context.js';
import { followToEnd } from '../follow-to-end.js';
import { listenForInterrupt } from '../interrupt.js';
import { isRemote } from '../place.js';

/** Follows a cascade that runs elsewhere; starts nothing and changes nothing. */
export async function watch(id: string, options: FollowOptions, context: CommandContext): Promise<number> {
  const { screen, env, command } = context;
  return withPlace(context, isRemote(env, options.remote), async (place) => {
    await withCascades(place, (cascades) => cascades.require(id));
    const interrupt = listenForInterrupt(() => screen.notice(`\nThe cascade goes on; \`${command} watch ${id}\` shows it again.`));
    try {
      return await followToEnd({ redis: place.redis, id, json: options.json === true, screen, command, signal: interrupt.signal, questions: options.wait === false ? 'end' : 'tell' });
    } finally {
      interrupt.close();
    }
  }, id);
}
