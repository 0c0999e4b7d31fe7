import { withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote } from '../place.js';
import { reviewOf, showDocument } from '../show-document.js';

/** Lists what was put up for approval last, or prints one of its documents. Running services read it. */
export async function show(id: string, path: string | undefined, options: SharedOptions, context: CommandContext): Promise<number> {
  const { screen, env } = context;
  return withPlace(context, isRemote(env, options.remote), async ({ redis }) => {
    if (path === undefined) for (const one of (await reviewOf(redis, id)).paths) screen.data(one);
    else await showDocument({ redis, id, path, screen });
    return exitCodes.done;
  }, id);
}
