/** What a label that has had more values than it may is counted under. */
export const OTHER = 'other';

/**
 * The values that one label may have. Every one is a time series for ever, in every process that counts: so they are listed,
 * or are names out of our own code and configuration, and of those only so many are told apart. Never an id, a path or a message.
 */
export interface LabelValues<Value extends string = string> {
  /** All of them, where they can be listed. */
  readonly listed?: readonly Value[];
  /** What they are, in the words of the documentation. */
  readonly what: string;
  /** So many are told apart; what comes later is `other`. */
  readonly atMost: number;
}

export function oneOf<const Value extends string>(...listed: readonly Value[]): LabelValues<Value> {
  return { listed, what: listed.map((value) => `\`${value}\``).join(', '), atMost: listed.length };
}

export function namesOf(what: string, atMost: number): LabelValues {
  return { what, atMost };
}
