import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote } from '../place.js';

/** Ends a cascade. Running services stop working on it at once and clean up; otherwise the next ones that start do. */
export async function cancel(id: string, options: SharedOptions & { readonly reason?: string }, context: CommandContext): Promise<number> {
  const { screen, env } = context;
  return withPlace(context, isRemote(env, options.remote), (place) => withCascades(place, async (cascades) => {
    const before = await cascades.require(id);
    const result = await cascades.cancel(id, options.reason ?? 'Cancelled from the command line.');
    if (options.json === true) screen.data(JSON.stringify({ id, result }));
    else screen.notice(result === 'ended' ? `Cascade ${id} is cancelled.` : `Cascade ${id} had ended already: ${before.state}.`);
    return exitCodes.done;
  }), id);
}
