import type { Confidence } from './graph-rows.js';

/** A definition, by its key in its file. */
export interface Place {
  readonly path: string;
  readonly key: string;
}

/** An edge from something in a file to something that a name or an import in it means. */
export interface Link {
  readonly table: 'DEPENDS_ON' | 'INHERITS' | 'TESTS' | 'DOCUMENTS';
  readonly fromKey: string;
  readonly to: Place;
  readonly toTable: 'Function' | 'Class';
  readonly confidence: Confidence | '';
  readonly line: number;
}

/** What the other files of a scope make of one file: all of its rows that do not follow from its own facts. */
export interface FileLinks {
  readonly links: readonly Link[];
  /** Files that it imports, with the line that says so. */
  readonly imports: ReadonlyMap<string, number>;
  /** Classes of methods that are written outside their class' file, by the method's key. */
  readonly classes: ReadonlyMap<string, Place>;
  /** Methods that other files give to its classes, by the class' key. */
  readonly methods: ReadonlyMap<string, readonly string[]>;
}
