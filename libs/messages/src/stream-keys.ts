/** Keys of the transport in Redis; documented in docs/keys.md. */
export const streamKeys = {
  stream: (type: string): string => `stream:${type}`,
  deadLetters: (service: string): string => `dead:${service}`,
  /** Stream of events that a service delivers to itself again; only its own group reads it. */
  retries: (service: string): string => `retries:${service}`,
  /** Sorted set of entries that wait for their retry, by due time in Unix milliseconds. */
  delayed: (service: string): string => `delayed:${service}`,
  /** Counts what durable writers asked to be confirmed: a write for WAIT to wait for. */
  confirmations: 'confirmations',
  /** Reply to one command, a list that expires. */
  reply: (commandId: string): string => `reply:${commandId}`,
} as const;
