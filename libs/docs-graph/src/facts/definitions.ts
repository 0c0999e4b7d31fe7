import type { Cuts } from './cuts.js';
import type { ClassFacts, FunctionFacts } from './file-facts.js';
import type { Language } from './language.js';

/** A definition as long as its file is being read: marks, bases and docstring come after its beginning. */
export interface FunctionDraft extends FunctionFacts {
  readonly marks: string[];
}

/** The functions and classes of one file, each under a key of its own. */
export class Definitions {
  readonly functions: FunctionDraft[] = [];
  readonly classes: ClassFacts[] = [];
  private readonly keys = new Set<string>();
  private readonly next = new Map<string, number>();
  /** Bases by qualified name: Rust says them beside the type, not in it. */
  private readonly bases = new Map<string, string[]>();

  constructor(private readonly cuts: Cuts) {}

  addFunction(draft: Omit<FunctionDraft, 'key'>): FunctionDraft | undefined {
    const made = { key: this.key(draft.qualifiedName), ...draft };
    return this.cuts.push(this.functions, made, 'functions') ? made : undefined;
  }

  addClass(draft: Omit<ClassFacts, 'key'>): ClassFacts | undefined {
    const made = { key: this.key(draft.qualifiedName), ...draft };
    return this.cuts.push(this.classes, made, 'classes') ? made : undefined;
  }

  addBase(qualifiedName: string, base: string): void {
    const known = this.bases.get(qualifiedName) ?? [];
    if (!known.includes(base)) this.bases.set(qualifiedName, [...known, base]);
  }

  finish(path: string, language: Language): { functions: FunctionFacts[]; classes: ClassFacts[] } {
    const functions = this.functions.map(({ marks, ...facts }) => ({
      ...facts,
      isTest: facts.isTest || language.isTest({ path, name: facts.name, marks, parameters: facts.parameters, parent: facts.parent, bases: this.bases.get(facts.parent) ?? [] }),
    }));
    return { functions, classes: this.classes.map((one) => ({ ...one, bases: this.bases.get(one.qualifiedName) ?? [] })) };
  }

  /** A title may look like another's key (`a`, `a`, `a~2`), so a number that is taken is passed over. */
  private key(qualifiedName: string): string {
    let key = qualifiedName;
    let number = this.next.get(qualifiedName) ?? 1;
    for (; this.keys.has(key); key = `${qualifiedName}~${number}`) number += 1;
    this.next.set(qualifiedName, number);
    this.keys.add(key);
    return key;
  }
}
