import type { Participant } from '../chat/group-chat.js';
import { briefView, messagesView, storiesView } from './prompt-views.js';
import { asTurn, type TeamContext, type TeamModel } from './team-model.js';
import { lastTurn, schemaProblems, verdictTurn, type Verdict } from './turns.js';

/** Approves the stories, or says precisely what has to change. */
export function productOwner(model: TeamModel, context: TeamContext): Participant {
  return {
    async speak(state, step, run) {
      const count = lastTurn(state, 'draft')?.stories.length ?? 0;
      const args: [string, string, string, string, string] = [context.request, context.repository, briefView(state), storiesView(state), messagesView(state)];
      const answer = await model.call(run, step, 'StoriesReview', args, {
        validate: (value) => [...schemaProblems(verdictTurn, asTurn('verdict', value)), ...verdictProblems(value, count)],
      });
      const turn = verdictTurn.parse(asTurn('verdict', answer));
      if (turn.verdict === 'approve') return { content: 'Approved.', turn };
      return { content: ['These changes are needed:', ...turn.changes.map((change, index) => `${index + 1}. ${change}`)].join('\n'), turn };
    },
  };
}

/** A verdict that contradicts itself decides nothing. */
export function verdictProblems(verdict: Pick<Verdict, 'verdict' | 'stories' | 'changes'>, storyCount: number): string[] {
  const numbers = verdict.stories.map((story) => story.number).sort((left, right) => left - right);
  const complete = numbers.length === storyCount && numbers.every((number, index) => number === index + 1);
  const rejected = verdict.stories.filter((story) => story.verdict === 'revise').map((story) => story.number);
  return [
    ...(complete ? [] : [`stories: exactly one entry is needed for each of the stories 1 to ${storyCount}`]),
    ...(verdict.verdict === 'approve' && rejected.length > 0 ? [`verdict: you approve the whole but not story ${rejected.join(', ')}`] : []),
    ...(verdict.verdict === 'approve' && verdict.changes.length > 0 ? ['changes: must be empty when you approve; if a change is needed, the verdict is revise'] : []),
    ...(verdict.verdict === 'revise' && verdict.changes.length === 0 ? ['changes: say what must change, or approve'] : []),
  ];
}
