import type { ClassFacts, ImportFacts, LanguageName, SourceFacts } from '../facts/file-facts.js';
import type { Place } from '../graph/file-links.js';

export interface Definition extends Place {
  readonly table: 'Function' | 'Class';
  readonly qualifiedName: string;
  readonly name: string;
  /** Of functions: whether it belongs to a class. */
  readonly kind: 'function' | 'method' | 'class';
  readonly isTest: boolean;
}

/** Languages that import one another's files. */
export const family = (language: LanguageName): string => (language === 'tsx' || language === 'javascript' ? 'typescript' : language);

/** One file's names, as others ask for them. */
export class FileNames {
  /** What can be called by name; a test's title cannot. */
  readonly definitions: readonly Definition[];
  readonly classes: ReadonlyMap<string, ClassFacts>;
  readonly reexports: readonly ImportFacts[];
  /** Imports by the name that they bind. */
  readonly bound: ReadonlyMap<string, ImportFacts>;
  private readonly byName = new Map<string, Definition>();

  constructor(readonly facts: SourceFacts) {
    const { path, functions, classes, imports } = facts;
    this.definitions = [
      ...functions.filter(({ kind }) => kind !== 'test').map(({ key, name, qualifiedName, kind, isTest }): Definition => ({ path, key, table: 'Function', qualifiedName, name, kind: kind === 'method' ? 'method' : 'function', isTest })),
      ...classes.map(({ key, name, qualifiedName }): Definition => ({ path, key, table: 'Class', qualifiedName, name, kind: 'class', isTest: false })),
    ];
    for (const one of this.definitions) if (!this.byName.has(one.qualifiedName)) this.byName.set(one.qualifiedName, one);
    this.classes = new Map([...classes].reverse().map((one) => [one.qualifiedName, one]));
    this.reexports = imports.filter(({ reexport }) => reexport);
    this.bound = new Map(imports.filter(({ alias }) => alias !== '').map((one) => [one.alias, one]));
  }

  get(qualifiedName: string): Definition | undefined {
    return this.byName.get(qualifiedName);
  }

  /** Whether a plain name may be one that the text does not introduce: after an import of everything, or in a script that imports nothing. */
  get hasUnseenNames(): boolean {
    const { imports, language } = this.facts;
    return imports.some(({ name, alias }) => name === '*' && alias === '') || (imports.length === 0 && family(language) === 'typescript');
  }

  /** The package in which it shares names with other files; undefined where languages have none. */
  get packageKey(): string | undefined {
    const { language, module, path } = this.facts;
    if (language === 'java') return `java ${module}`;
    // The tests that Go puts into a package of their own see only what the other exports.
    return language === 'go' ? goPackage(path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.', module.endsWith('_test')) : undefined;
  }

  /** All that others see of this file: as long as it is the same, they need not be resolved again. */
  get seen(): string {
    const { module, language, classes, imports } = this.facts;
    return JSON.stringify([module, language, this.definitions, classes.map(({ qualifiedName, bases, fields }) => [qualifiedName, bases, fields]), imports.map(({ module: from, name, alias, reexport }) => [from, name, alias, reexport])]);
  }
}

export const goPackage = (folder: string, tests: boolean): string => `go ${folder}${tests ? ' tests' : ''}`;
