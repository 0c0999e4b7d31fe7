import { z } from 'zod';

/** Most messages that a chat may ever have been configured for (AutoGen's `max_round`). */
export const MAX_ROUNDS = 50;
/** Bound of one event's JSON text in characters. */
export const MAX_EVENT_CHARACTERS = 500_000;

const name = z.string().regex(/^[a-z][a-z-]{0,30}$/);
const text = z.string().max(20_000);

/**
 * The rules of one chat, as plain data. They stand in its first event, so that a chat that was interrupted goes on
 * under the rules it began with, even after a new version was deployed.
 */
export const chatConfig = z.object({
  roles: z.array(z.object({ name, description: text })).min(1).max(20),
  /** `rule` asks the named rule of code first and falls through to `auto` when it leaves the choice open. */
  selection: z.enum(['auto', 'round_robin', 'rule']),
  /** Who may speak after whom; a role that is not listed may be followed by anyone. */
  transitions: z.record(name, z.array(name)),
  /** Messages in all. */
  maxRounds: z.number().int().min(1).max(MAX_ROUNDS),
  /** Names of conditions, checked in this order before each selection. */
  terminations: z.array(z.string().max(60)).max(20),
});
export type ChatConfig = z.output<typeof chatConfig>;

export const chatMessage = z.object({
  speaker: name,
  /** For people and for other roles. */
  content: text,
  /** The turn's typed artefact; its own schema is the speaker's. */
  turn: z.unknown().optional(),
  /** Who must speak next, or `person` to ask somebody outside. */
  handOff: name.optional(),
});
export type ChatMessage = z.output<typeof chatMessage>;

/** Everything that can happen in a chat. The order of a chat's events, numbered from 1, is all there is to know of it. */
export const chatEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), config: chatConfig }),
  z.object({ type: z.literal('selected'), speaker: name, by: z.enum(['only', 'rule', 'round_robin', 'auto', 'fallback', 'hand-off']), reason: text.optional() }),
  z.object({ type: z.literal('said'), message: chatMessage }),
  z.object({ type: z.literal('paused'), question: text }),
  z.object({ type: z.literal('answered'), answer: text }),
  z.object({ type: z.literal('stopped'), reason: text, outcome: z.enum(['completed', 'exhausted', 'failed']) }),
]);
export type ChatEvent = z.output<typeof chatEvent>;

/** The speaker of answers from outside. */
export const PERSON = 'person';
