import type { FileSlice, GraphChange, Scope } from '../graph/graph-rows.js';
import type { EngineName } from './native-engine.js';

/** What a store holds of one scope: enough to say what must be indexed anew. */
export interface StoredScope extends Scope {
  readonly commit: string;
}

export interface StoredFile {
  readonly path: string;
  readonly blob: string;
}

export type CypherValue = string | number | boolean | null | readonly CypherValue[] | { readonly [key: string]: CypherValue };

export interface CypherAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CypherValue[])[];
  /** There were more rows than the bound. */
  readonly more: boolean;
}

/**
 * A graph database on disk with one writer: a projection that can always be made again, never the only place of anything.
 * Changes are queued and made one after the other. After `kill -9` at any moment, opening gives a graph in which every
 * scope is at one of its committed states, or says that it had to begin anew (then it is empty).
 */
export interface GraphStore {
  readonly engine: EngineName;
  /** Set when what was there could not be used: the graph is empty, and the reason says why. */
  readonly begunAnew: string | undefined;
  scopes(): Promise<readonly StoredScope[]>;
  /** The files of a scope as the graph has them; the slice of packages, which has no path, is left out. */
  files(scope: Scope): Promise<readonly StoredFile[]>;
  /** Writes whole scopes in bulk into a new database, and puts it in place of the one before. Scopes not named are gone. */
  rebuild(scopes: Iterable<StoredScope & { readonly slices: Iterable<FileSlice> }>): Promise<void>;
  /** One transaction: the change, and the commit at which the scope is then. Throws CASC_GRAPH_UNWRITABLE, and nothing is changed. */
  apply(scope: Scope, commit: string, change: GraphChange): Promise<void>;
  removeScope(scope: Scope): Promise<void>;
  /**
   * A read-only question of an operator, answered from the graph as it was when it was asked, changes that wait included.
   * Throws CASC_CYPHER_REFUSED for anything that writes or is wrong, CASC_CYPHER_TOO_LONG past `timeoutMs`, CASC_CYPHER_BUSY.
   */
  cypher(text: string, parameters: Readonly<Record<string, string | number | boolean>>, bounds: { rows: number; timeoutMs: number }): Promise<CypherAnswer>;
  /** Slices whose rows are not as many as were written: after an unclean stop their files are indexed again. The packages' has no path. */
  damaged(): Promise<readonly (Scope & { readonly path: string })[]>;
  close(): Promise<void>;
}
