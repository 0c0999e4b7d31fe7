import { terminal } from '@cascade/contracts';
import { PERSON, type ChatConfig, type ChatEvent, type ChatMessage } from './chat-events.js';

/** What a chat's events add up to. */
export interface ChatState {
  /** Number of the last event; the next one is `sequence + 1`. */
  readonly sequence: number;
  readonly config: ChatConfig;
  readonly messages: readonly ChatMessage[];
  readonly status: 'running' | 'paused' | 'stopped';
  /** Selected and has not spoken yet. */
  readonly pending?: string | undefined;
  /** Whom the last message hands over to. */
  readonly forced?: string | undefined;
  /** What a person is asked while `paused`, and the number of the event that asks it. */
  readonly question?: { readonly text: string; readonly sequence: number } | undefined;
  readonly stop?: { readonly reason: string; readonly outcome: 'completed' | 'exhausted' | 'failed' };
}

/**
 * The state after one more event. States: `running` → (`selected` → `said`)* → `stopped`, and from `running` to
 * `paused` and back while a person is asked. An event that does not fit the state is a defect of the log and refused.
 */
export function applyEvent(state: ChatState | undefined, event: ChatEvent): ChatState {
  if (event.type === 'started') {
    if (state !== undefined) throw broken(state.sequence + 1, 'starts a chat that has started');
    return { sequence: 1, config: event.config, messages: [], status: 'running' };
  }
  if (state === undefined) throw broken(1, 'does not start the chat');
  const next = { ...state, sequence: state.sequence + 1 };
  if (state.status !== (event.type === 'answered' ? 'paused' : 'running')) throw broken(next.sequence, `is "${event.type}" while the chat is ${state.status}`);
  switch (event.type) {
    case 'selected': return { ...next, pending: event.speaker, forced: undefined };
    case 'said': return say(next, event.message);
    case 'paused': return { ...next, status: 'paused', question: { text: event.question, sequence: next.sequence } };
    case 'answered': return { ...next, status: 'running', forced: undefined, question: undefined, messages: [...state.messages, { speaker: PERSON, content: event.answer }] };
    case 'stopped': return { ...next, status: 'stopped', stop: { reason: event.reason, outcome: event.outcome } };
  }
}

function say(state: ChatState, message: ChatMessage): ChatState {
  if (state.pending !== message.speaker) throw broken(state.sequence, `is said by ${message.speaker}, who was not selected`);
  return { ...state, pending: undefined, forced: message.handOff, messages: [...state.messages, message] };
}

const broken = (sequence: number, problem: string): Error => terminal('CASC_CHAT_LOG_BROKEN', `Event ${sequence} of the chat ${problem}.`, {
  advice: 'The chat\'s stream in Redis was changed by somebody else; start the request again.',
});

/** The state of a chat, or undefined when it has not started. */
export function fold(events: readonly ChatEvent[]): ChatState | undefined {
  return events.reduce<ChatState | undefined>(applyEvent, undefined);
}

export const lastSpeaker = (state: ChatState): string | undefined => state.messages.at(-1)?.speaker;
