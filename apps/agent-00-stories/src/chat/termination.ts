import type { ChatMessage } from './chat-events.js';
import type { ChatState } from './chat-state.js';

/** Why a chat ends now, or undefined. Pure, so that nothing but the events has to be kept. */
export type Termination = (state: ChatState) => Stop | undefined;

export interface Stop {
  readonly reason: string;
  readonly outcome: 'completed' | 'exhausted' | 'failed';
}

/** Ends when the first of them does. */
export const anyOf = (...conditions: readonly Termination[]): Termination => (state) => {
  for (const condition of conditions) {
    const stop = condition(state);
    if (stop !== undefined) return stop;
  }
  return undefined;
};

/** Ends when all of them do, with the first one's outcome. */
export const allOf = (...conditions: readonly Termination[]): Termination => (state) => {
  const stops = conditions.map((condition) => condition(state));
  const [first] = stops;
  if (first === undefined || stops.includes(undefined)) return undefined;
  return { outcome: first.outcome, reason: stops.map((stop) => stop?.reason).join(' and ') };
};

export const maxRounds: Termination = (state) =>
  state.messages.length >= state.config.maxRounds ? { reason: `the limit of ${state.config.maxRounds} rounds is reached`, outcome: 'exhausted' } : undefined;

/** Ends when the last message is this speaker's and fits. */
export const lastSaid = (speaker: string, fits: (message: ChatMessage) => boolean, stop: Stop): Termination => (state) => {
  const message = state.messages.at(-1);
  return message?.speaker === speaker && fits(message) ? stop : undefined;
};

/** Ends when more than `limit` messages of this speaker fit. */
export const saidMoreThan = (limit: number, speaker: string, fits: (message: ChatMessage) => boolean, stop: Stop): Termination => (state) =>
  state.messages.filter((message) => message.speaker === speaker && fits(message)).length > limit ? stop : undefined;
