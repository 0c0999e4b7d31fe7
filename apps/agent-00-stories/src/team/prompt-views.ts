import type { ChatState } from '../chat/chat-state.js';
import { PERSON } from '../chat/chat-events.js';
import { assemble, CHAT_EPIC } from './assemble.js';
import { lastTurn, turnOf, type Design, type Draft } from './turns.js';

/** Messages that a role sees besides the current version. */
export const MAX_VIEWED_MESSAGES = 6;

const json = (value: unknown): string => JSON.stringify(value, null, 1);
const list = (title: string, items: readonly string[]): string[] => (items.length === 0 ? [] : [`${title}:`, ...items.map((item) => `- ${item}`)]);

/** The coordinator's brief, with what a person answered to its questions. */
export function briefView(state: ChatState): string {
  const brief = lastTurn(state, 'brief');
  if (brief === undefined) return '';
  const answers = state.messages.filter((message) => message.speaker === PERSON).map((message) => message.content);
  return [
    `Goal: ${brief.goal}`, ...list('Values', brief.values), ...list('Limits', brief.limits), ...list('Assumptions', brief.assumptions),
    ...(answers.length === 0 ? [] : list('Questions', brief.questions)), ...list('Answers of the requester', answers),
  ].join('\n');
}

/** The last messages after the opening; the brief and the artefacts are shown by themselves. */
export function messagesView(state: ChatState): string {
  const messages = state.messages.filter((message) => message.speaker !== PERSON && turnOf(message)?.kind !== 'brief');
  return messages.slice(-MAX_VIEWED_MESSAGES).map((message) => `${message.speaker}: ${message.content}`).join('\n\n');
}

const draftParts = (draft: Draft): object => ({ title: draft.title, goal: draft.goal, background: draft.background, requirements: draft.requirements, stories: draft.stories });

/** The epic and its stories in the form in which the analyst writes them; empty before the first version. */
export function draftView(state: ChatState): string {
  const draft = lastTurn(state, 'draft');
  return draft === undefined ? '' : json(draftParts(draft));
}

/** The plan in the form in which the architect writes it; empty before the first version. */
export function designView(state: ChatState): string {
  const design: Design | undefined = lastTurn(state, 'design');
  return design === undefined ? '' : json(design.stories);
}

/** Everything of the current version, story by story, for the product owner. */
export function storiesView(state: ChatState): string {
  const draft = lastTurn(state, 'draft');
  if (draft === undefined) return '';
  const { epic, stories } = assemble(CHAT_EPIC, draft, lastTurn(state, 'design'));
  return json({
    title: epic.title, goal: epic.goal, background: epic.background, requirements: epic.requirements,
    stories: stories.map(({ id, dependsOn, scenarios, ...story }) => ({
      number: numberOf(id), ...story, dependsOn: dependsOn.map(numberOf), scenarios: scenarios.map(({ criterion, level, priority, description, mitigates }) => ({ criterion, level, priority, description, mitigates })),
    })),
  });
}

const numberOf = (storyId: string): number => Number(storyId.split('.')[1]);
