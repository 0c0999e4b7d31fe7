import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote } from '../place.js';

/** Answers a cascade's question; running services go on with it. Throws `CASC_QUESTION_UNKNOWN` when nothing waits for it. */
export async function answer(id: string, name: string, text: string, options: SharedOptions, context: CommandContext): Promise<number> {
  const { screen, env, command } = context;
  return withPlace(context, isRemote(env, options.remote), (place) => withCascades(place, async (cascades) => {
    await cascades.answer(id, name, text);
    screen.notice(`Answered. \`${command} resume ${id}\` goes on where no service is running.`);
    return exitCodes.done;
  }));
}
