import type { FileFacts } from '../facts/file-facts.js';

/** A file of a scope as it is indexed. */
export interface IndexedFile {
  readonly path: string;
  /** Git's id of its bytes. */
  readonly blob: string;
  readonly facts: FileFacts;
}

/** From one commit to another: a renamed file is removed at its old path and put at its new one. */
export interface FilesChange {
  readonly put: readonly IndexedFile[];
  readonly remove: readonly string[];
}
