import type { Participant } from '../chat/group-chat.js';
import { designView, draftView, messagesView } from './prompt-views.js';
import { asTurn, type TeamContext, type TeamModel } from './team-model.js';
import { designTurn, lastTurn, schemaProblems, type Design, type Draft } from './turns.js';

/** Plans every story of the current version. */
export function architect(model: TeamModel, context: TeamContext): Participant {
  return {
    async speak(state, step, run) {
      const draft = lastTurn(state, 'draft');
      const args: [string, string, string, string, string] = [context.request, context.repository, draftView(state), designView(state), messagesView(state)];
      const answer = await model.call(run, step, 'StoriesDesign', args, {
        validate: (value) => [...schemaProblems(designTurn, asTurn('design', value)), ...entryProblems(value, draft?.stories ?? [])],
      });
      const turn = designTurn.parse(asTurn('design', answer));
      const objections = turn.objections.map((objection) => `\nObjection: ${objection}`).join('');
      return { content: `${turn.note || `Planned ${turn.stories.length} stories.`}${objections}`, turn };
    },
  };
}

/** One plan for each story, or nobody could say what a story lacks. */
export function entryProblems(design: Pick<Design, 'stories'>, stories: Pick<Draft['stories'][number], 'number'>[]): string[] {
  const planned = design.stories.map((story) => story.number).sort((left, right) => left - right).join(', ');
  const wanted = stories.map((story) => story.number).join(', ');
  return planned === wanted ? [] : [`stories: exactly one entry is needed for each of the stories ${wanted}; the answer has ${planned || 'none'}`];
}
