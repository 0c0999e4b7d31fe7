/** What an answer does to one file: a whole text, or exact replacements in the text that is there. */
export type FileChange =
  | { readonly kind: 'whole'; readonly path: string; readonly text: string }
  | { readonly kind: 'edit'; readonly path: string; readonly edits: readonly SearchReplace[] };

export interface SearchReplace {
  readonly search: string;
  readonly replace: string;
}

export const isFileChanges = (value: unknown): value is readonly FileChange[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && 'path' in item && 'kind' in item);
