import { tidyExample } from '@cascade/bmad';
import type { Participant } from '../chat/group-chat.js';
import { briefView, draftView, messagesView } from './prompt-views.js';
import { asTurn, type TeamContext, type TeamModel } from './team-model.js';
import { draftTurn, schemaProblems, type Draft } from './turns.js';

/** Writes the epic and its stories, and corrects them after findings. */
export function analyst(model: TeamModel, context: TeamContext): Participant {
  return {
    async speak(state, step, run) {
      const args: [string, string, string, string, string] = [context.request, context.repository, briefView(state), draftView(state), messagesView(state)];
      const answer = await model.call(run, step, 'StoriesDraft', args, {
        validate: (value) => [...schemaProblems(draftTurn, asTurn('draft', value)), ...numberingProblems(value), ...lengthProblems(value)],
      });
      const turn = draftTurn.parse(asTurn('draft', answer));
      const titles = turn.stories.map((story) => `${story.number}. ${story.title}`).join('; ');
      return { content: `Epic "${turn.title}" with ${turn.requirements.length} requirements and ${turn.stories.length === 1 ? '1 story' : `${turn.stories.length} stories`}: ${titles}. ${turn.note}`, turn };
    },
  };
}

/** Numbers are what the team refers to, so they are mended before anybody sees the version. */
export function numberingProblems(draft: Pick<Draft, 'stories'>): string[] {
  const inOrder = (numbers: readonly number[]): boolean => numbers.every((number, index) => number === index + 1);
  return [
    ...(inOrder(draft.stories.map((story) => story.number)) ? [] : [`stories: "number" must be 1 to ${draft.stories.length} in order`]),
    ...draft.stories.filter((story) => !inOrder(story.criteria.map((criterion) => criterion.id)))
      .map((story) => `stories[${story.number}].criteria: "id" must be 1 to ${story.criteria.length} in order`),
  ];
}

const MAX_EXAMPLE_CHARACTERS = 500;

/** A line break of an example becomes two characters, which must still fit. */
export function lengthProblems(draft: Pick<Draft, 'stories'>): string[] {
  return draft.stories.flatMap((story) => story.criteria.flatMap((criterion) => ['given', 'when', 'then'].flatMap((part) => {
    const text = criterion[part as 'given' | 'when' | 'then'];
    return tidyExample(text).length <= MAX_EXAMPLE_CHARACTERS ? [] : [`stories[${story.number}].criteria[${criterion.id}].${part}: too long; split the criterion or shorten the example`];
  })));
}
