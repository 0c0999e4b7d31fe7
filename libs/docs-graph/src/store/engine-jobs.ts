import type { EngineName } from './native-engine.js';
import type { CypherAnswer } from './graph-store.js';

/**
 * What is done in a process of its own, because an engine can end the process (a damaged file, a hostile query), hold it
 * for longer than any limit or take its memory. A job works on files on which nobody depends yet, or of which there are others.
 */
export interface EngineJob {
  /**
   * `build`: a new database from the bulk files in the working directory. `recover`: opens a copy of a database that was not
   * closed in order, and makes one file of it. `probe`: can it be opened and read? `answer`: questions, until the end.
   */
  readonly job: 'build' | 'recover' | 'probe' | 'answer';
  readonly engine: EngineName;
  readonly file: string;
  readonly bufferPoolBytes: number;
}

export interface CypherQuestion {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly rows: number;
  readonly timeoutMs: number;
}

/** What the process says: that its job is done (`answer`: that it is ready), or what the engine said instead; answers. */
export type EngineReport =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'answer'; readonly answer: CypherAnswer };
