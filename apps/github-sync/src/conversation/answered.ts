/** What became of an answer. */
export type Answered =
  | { readonly kind: 'answered'; readonly name: string }
  /** Several are open, or none; the answer names none of them. */
  | { readonly kind: 'which'; readonly open: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };
