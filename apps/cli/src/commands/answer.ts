import { terminal } from '@cascade/contracts';
import { isTerminal, type CascadeRecord, type OpenQuestion } from '@cascade/state';
import { withCascades, withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { giveAnswer } from '../conversation.js';
import { tellQuestion } from '../ending.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote } from '../place.js';
import { readAnswer } from '../read-answer.js';

/**
 * Answers a cascade's questions; running services go on with it. What the command line does not say is asked for on the
 * terminal. Throws `CASC_USAGE` when there is none, and what `Questions.answer` throws.
 */
export async function answer(id: string, name: string | undefined, text: string | undefined, options: SharedOptions, context: CommandContext): Promise<number> {
  const { screen, env, command } = context;
  return withPlace(context, isRemote(env, options.remote), async (place) => {
    if (name !== undefined && text !== undefined) {
      await giveAnswer(place.redis, id, name, text);
    } else {
      for (const question of openQuestions(await withCascades(place, (cascades) => cascades.require(id)), name)) {
        const given = await askFor(id, question, context);
        if (given === undefined) return exitCodes.waiting;
        await giveAnswer(place.redis, id, question.name, given);
      }
    }
    screen.notice(`Answered. \`${command} resume ${id}\` goes on where no service is running.`);
    return exitCodes.done;
  }, id);
}

function openQuestions({ id, state, questions }: CascadeRecord, name: string | undefined): readonly OpenQuestion[] {
  if (isTerminal(state)) throw terminal('CASC_CASCADE_ENDED', `Cascade ${id} has ended (${state}) and takes no answers.`);
  const wanted = questions.filter((question) => name === undefined || question.name === name);
  if (wanted.length > 0) return wanted;
  throw terminal('CASC_QUESTION_UNKNOWN', `Cascade ${id} does not wait for an answer${name === undefined ? '' : ` to ${JSON.stringify(name)}`}.`, { advice: `\`cascade status ${id}\` shows what it waits for.` });
}

async function askFor(id: string, question: OpenQuestion, { screen, command }: CommandContext): Promise<string | undefined> {
  tellQuestion(id, question, screen, command);
  if (screen.keyboard === undefined) throw terminal('CASC_USAGE', 'There is no terminal to ask for the answer on.', { advice: 'Give the name of the question and the answer on the command line.' });
  return readAnswer(screen, new AbortController().signal);
}
