import { lastSpeaker, type ChatState } from './chat-state.js';

/**
 * Who may speak next, in the order of the roles: the allowed transitions after the last speaker. An empty list ends
 * the chat; AutoGen falls back to everybody there, which would make the graph a suggestion.
 */
export function candidates(state: ChatState): string[] {
  const names = state.config.roles.map((role) => role.name);
  const allowed = state.config.transitions[lastSpeaker(state) ?? ''];
  return allowed === undefined ? names : names.filter((name) => allowed.includes(name));
}

/** The first candidate after the last speaker in the order of the roles; there must be one. */
export function roundRobin(state: ChatState, among: readonly string[]): string | undefined {
  const names = state.config.roles.map((role) => role.name);
  const start = names.indexOf(lastSpeaker(state) ?? '') + 1;
  return [...names.slice(start), ...names.slice(0, start)].find((name) => among.includes(name));
}
