import type { ClassFacts, FunctionFacts, ImportFacts, LanguageName, SourceFacts } from '../facts/file-facts.js';
import type { Place } from '../graph/file-links.js';
import { type Arity, arityOf } from './parameters.js';
import type { Reads } from './reads.js';

export interface Definition extends Place {
  readonly table: 'Function' | 'Class';
  readonly qualifiedName: string;
  readonly name: string;
  /** Of functions: whether it belongs to a class. */
  readonly kind: 'function' | 'method' | 'class';
  readonly isTest: boolean;
  /** Of functions: the type that they return, where it is written. */
  readonly returns?: string;
  /** Of functions in languages with overloads. */
  readonly arity?: Arity;
}

/** Languages that import one another's files. */
export const family = (language: LanguageName): string => (language === 'tsx' || language === 'javascript' ? 'typescript' : language);

/**
 * One file's names, as others ask for them. Which name was asked for is noted, so that a file which changes is a matter only
 * of those that asked for what changed.
 */
export class FileNames {
  /** What can be called by name; a test's title cannot. */
  readonly definitions: readonly Definition[];
  /** For the file itself, like its facts: others ask for one. */
  readonly classes: ReadonlyMap<string, ClassFacts>;
  /** Imports that bind no names of their own: `import a.*`, `export * from 'a'`. */
  readonly ofEverything: readonly ImportFacts[];
  private readonly byName: ReadonlyMap<string, readonly Definition[]>;
  private readonly byAlias: ReadonlyMap<string, readonly ImportFacts[]>;

  constructor(readonly facts: SourceFacts, private readonly reads: Reads) {
    const { path, functions, classes, imports } = facts;
    this.definitions = [
      ...functions.filter(({ kind }) => kind !== 'test').map((one) => functionOf(facts, one)),
      ...classes.map(({ key, name, qualifiedName }): Definition => ({ path, key, table: 'Class', qualifiedName, name, kind: 'class', isTest: false })),
    ];
    this.byName = grouped(this.definitions, ({ qualifiedName }) => qualifiedName);
    this.classes = new Map([...classes].reverse().map((one) => [one.qualifiedName, one]));
    this.ofEverything = imports.filter(({ name, alias }) => name === '*' && alias === '');
    this.byAlias = grouped(imports.filter(({ alias }) => alias !== ''), ({ alias }) => alias);
  }

  get(qualifiedName: string): Definition | undefined {
    return this.all(qualifiedName)[0];
  }

  /** All of one name: overloads, branches of a condition. */
  all(qualifiedName: string): readonly Definition[] {
    this.note(qualifiedName);
    return this.byName.get(qualifiedName) ?? [];
  }

  class(qualifiedName: string): ClassFacts | undefined {
    this.note(qualifiedName);
    return this.classes.get(qualifiedName);
  }

  /** The import that binds a name. */
  bound(alias: string): ImportFacts | undefined {
    this.note(alias);
    return this.byAlias.get(alias)?.at(-1);
  }

  /** Imports by which it may hand a name on: those that say the name before those of everything. */
  handing(name: string): readonly ImportFacts[] {
    this.note(name);
    return [...this.byAlias.get(name) ?? [], ...this.ofEverything].filter(({ reexport }) => reexport);
  }

  /** Whether a plain name may be one that the text does not introduce: after an import of everything, or in a script that imports nothing. */
  get hasUnseenNames(): boolean {
    return this.ofEverything.length > 0 || (this.facts.imports.length === 0 && family(this.facts.language) === 'typescript');
  }

  /** The package in which it shares names with other files; undefined where languages have none. */
  get packageKey(): string | undefined {
    const { language, module, path } = this.facts;
    if (language === 'java') return `java ${module}`;
    // The tests that Go puts into a package of their own see only what the other exports.
    return language === 'go' ? goPackage(path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.', module.endsWith('_test')) : undefined;
  }

  /** Every name of which it says something. */
  get names(): Iterable<string> {
    return new Set([...this.byName.keys(), ...this.byAlias.keys()]);
  }

  /** What others see of it, whatever name they ask for. */
  get seen(): string {
    return JSON.stringify([this.facts.module, this.facts.language, this.ofEverything.map(asSeen)]);
  }

  /** What others see when they ask for a name. */
  seenAt(name: string): string {
    const { bases = [], fields = [] } = this.classes.get(name) ?? {};
    return JSON.stringify([this.byName.get(name) ?? [], bases, fields, (this.byAlias.get(name) ?? []).map(asSeen)]);
  }

  private note(name: string): void {
    this.reads.noteInside(this.facts.path, name);
  }
}

function functionOf({ path, language }: SourceFacts, { key, name, qualifiedName, kind, isTest, parameters, returns }: FunctionFacts): Definition {
  const arity = arityOf(language, parameters);
  return { path, key, table: 'Function', qualifiedName, name, kind: kind === 'method' ? 'method' : 'function', isTest, ...returns === '' ? {} : { returns }, ...arity === undefined ? {} : { arity } };
}

const asSeen = ({ module, name, alias, reexport }: ImportFacts): unknown[] => [module, name, alias, reexport];

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const known = found.get(keyOf(item));
    if (known === undefined) found.set(keyOf(item), [item]);
    else known.push(item);
  }
  return found;
}

export const goPackage = (folder: string, tests: boolean): string => `go ${folder}${tests ? ' tests' : ''}`;
