/** What a person did on GitHub, for events and timelines. Names and numbers are data from outside. */
export type SyncFact =
  | { readonly kind: 'closed-by-person' }
  | { readonly kind: 'reopened-by-person' }
  | { readonly kind: 'renamed-by-person'; readonly from: string; readonly to: string }
  | { readonly kind: 'labels-changed'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly kind: 'assignees-changed'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly kind: 'milestone-changed'; readonly to: number | undefined }
  | { readonly kind: 'notes-changed' }
  | { readonly kind: 'ticked'; readonly id: string; readonly isDone: boolean }
  | { readonly kind: 'text-kept'; readonly where: KeptText['where'] };

/** Characters of one kept text: with a `> ` before each line it fits into a comment, even when every character is a line break. */
export const MAX_KEPT = 20_000;

/** A person's text that has no place in the issue any more and goes into a comment, before anything is overwritten. */
export interface KeptText {
  /** The same for the same text of the same work item: the comment is written once. */
  readonly id: string;
  readonly where: 'managed-block' | 'free-text';
  readonly text: string;
}

/** Why the two sides stay different until a person does something. */
export interface SyncConflict {
  readonly code: string;
  readonly message: string;
}
