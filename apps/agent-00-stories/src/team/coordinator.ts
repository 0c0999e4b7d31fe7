import { isCascadeError } from '@cascade/contracts';
import { PERSON } from '../chat/chat-events.js';
import type { Participant, Selector } from '../chat/group-chat.js';
import { messagesView } from './prompt-views.js';
import { asTurn, type TeamContext, type TeamModel } from './team-model.js';
import { briefTurn, schemaProblems } from './turns.js';

/** Opens the chat with a brief; hands over to a person when questions are allowed and it has some. */
export function coordinator(model: TeamModel, context: TeamContext): Participant {
  return {
    async speak(_state, step, run) {
      const answer = await model.call(run, step, 'StoriesBrief', [context.request, context.repository, context.mayAsk], {
        validate: (value) => [
          ...schemaProblems(briefTurn, asTurn('brief', value)),
          ...(value.questions.length > 0 && !context.mayAsk ? ['questions: nobody can be asked; leave it empty and decide by an assumption'] : []),
        ],
      });
      const turn = briefTurn.parse(asTurn('brief', answer));
      if (turn.questions.length > 0) return { content: turn.questions.join('\n'), turn, handOff: PERSON };
      return { content: `${turn.goal} ${turn.values.length === 1 ? 'One value' : `${turn.values.length} values`}: ${turn.values.join(' ')}`, turn };
    },
  };
}

/** Chooses the next speaker by a model, where the rule leaves it open. */
export function modelSelector(model: TeamModel): Selector {
  return {
    async pick(state, among, step, run) {
      const roles = state.config.roles.map((role) => `${role.name}: ${role.description}`).join('\n');
      try {
        const { speaker, reason } = await model.call(run, step, 'StoriesNextSpeaker', [roles, among.join(', '), messagesView(state)], {
          validate: (value) => (among.includes(value.speaker) ? [] : [`"${value.speaker.slice(0, 80)}" may not speak now. Choose exactly one of: ${among.join(', ')}.`]),
        });
        return { speaker, reason: reason.slice(0, 1000) };
      } catch (error) {
        if (isCascadeError(error) && error.code === 'CASC_MODEL_ANSWER_INVALID') return undefined;
        throw error;
      }
    },
  };
}
