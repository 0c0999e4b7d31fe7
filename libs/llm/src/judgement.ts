/** What became of an answer: a value, or why there is none. */
export type Judgement<T> = { readonly value: T } | Refused;

export interface Refused {
  /** What is wrong, in words for the model that is asked to correct it. */
  readonly problems: readonly string[];
  /** Asking again would give the same, e.g. a content filter's refusal. */
  readonly hopeless?: boolean;
}
