import type { LanguageName, SourceFacts } from '../facts/file-facts.js';

export interface Definition {
  readonly path: string;
  readonly key: string;
}

const family = (language: LanguageName): string => (language === 'tsx' || language === 'javascript' ? 'typescript' : language);

interface FileNames {
  /** Key by qualified name; of several the first. */
  readonly keys: Map<string, string>;
  /** Qualified name of the class by the key of its method. */
  readonly parents: Map<string, string>;
  readonly bases: Map<string, readonly string[]>;
}

/** Where definitions are, by their name in one file and in all files of a language. */
export class DefinitionIndex {
  private readonly inFiles = new Map<string, FileNames>();
  private readonly everywhere = new Map<string, { first: Definition; count: number }>();

  constructor(files: readonly SourceFacts[]) {
    for (const file of files) this.add(file);
  }

  inFile(path: string, qualifiedName: string): Definition | undefined {
    const key = this.inFiles.get(path)?.keys.get(qualifiedName);
    return key === undefined ? undefined : { path, key };
  }

  /** The class of a method; empty for anything else. */
  parentOf(path: string, key: string): string {
    return this.inFiles.get(path)?.parents.get(key) ?? '';
  }

  basesOf(path: string, qualifiedName: string): readonly string[] {
    return this.inFiles.get(path)?.bases.get(qualifiedName) ?? [];
  }

  /** The only function or method of this name in the language; undefined when there are several. */
  only(language: LanguageName, kind: 'function' | 'method', name: string): Definition | undefined {
    const found = this.everywhere.get(`${family(language)} ${kind} ${name}`);
    return found?.count === 1 ? found.first : undefined;
  }

  private add(file: SourceFacts): void {
    const names: FileNames = { keys: new Map(), parents: new Map(), bases: new Map() };
    this.inFiles.set(file.path, names);
    // A test's title is no name that could be called.
    const callable = [...file.functions.filter(({ kind }) => kind !== 'test'), ...file.classes];
    for (const { qualifiedName, key } of callable) if (!names.keys.has(qualifiedName)) names.keys.set(qualifiedName, key);
    for (const { qualifiedName, bases } of file.classes) if (!names.bases.has(qualifiedName)) names.bases.set(qualifiedName, bases);
    for (const { kind, name, key, parent } of file.functions) {
      names.parents.set(key, parent);
      if (kind === 'test') continue;
      const known = `${family(file.language)} ${kind} ${name}`;
      this.everywhere.set(known, { first: this.everywhere.get(known)?.first ?? { path: file.path, key }, count: (this.everywhere.get(known)?.count ?? 0) + 1 });
    }
  }
}
