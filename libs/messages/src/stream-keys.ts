import { laneSuffix, type Priority } from './priority.js';

/** Keys of the transport in Redis; documented in docs/keys.md. */
export const streamKeys = {
  /** A type has no colon, so a lane's key is no other type's. */
  stream: (type: string, priority?: Priority): string => `stream:${type}${laneSuffix(priority)}`,
  deadLetters: (service: string): string => `dead:${service}`,
  /** Streams of events that a service delivers to itself again; only its own group reads them. */
  retries: (service: string, priority?: Priority): string => `retries:${service}${laneSuffix(priority)}`,
  /** Sorted set of entries that wait for their retry, by due time in Unix milliseconds. */
  delayed: (service: string): string => `delayed:${service}`,
  /** Counts what durable writers asked to be confirmed: a write for WAIT to wait for. */
  confirmations: 'confirmations',
  /** Reply to one command, a list that expires. */
  reply: (commandId: string): string => `reply:${commandId}`,
} as const;
