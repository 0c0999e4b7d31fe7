import type { Cuts } from './cuts.js';
import type { ClassFacts, FieldFacts, FunctionFacts } from './file-facts.js';
import type { Language } from './language.js';
import { UniqueKeys } from './unique-keys.js';

/** A definition as long as its file is being read: marks, bases and docstring come after its beginning. */
export interface FunctionDraft extends FunctionFacts {
  readonly marks: string[];
}

/** The functions and classes of one file, each under a key of its own. */
export class Definitions {
  readonly functions: FunctionDraft[] = [];
  readonly classes: ClassFacts[] = [];
  private readonly keys = new UniqueKeys();
  /** Bases by qualified name: Rust says them beside the type, not in it. */
  private readonly bases = new Map<string, string[]>();

  constructor(private readonly cuts: Cuts) {}

  addFunction(draft: Omit<FunctionDraft, 'key'>): FunctionDraft | undefined {
    const made = { key: this.keys.key(draft.qualifiedName), ...draft };
    return this.cuts.push(this.functions, made, 'functions') ? made : undefined;
  }

  addClass(draft: Omit<ClassFacts, 'key'>): ClassFacts | undefined {
    const made = { key: this.keys.key(draft.qualifiedName), ...draft };
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
    return { functions, classes: this.classes.map((one) => ({ ...one, bases: this.bases.get(one.qualifiedName) ?? [], fields: one.fields.map(withKnownOrigin) })) };
  }
}

const withKnownOrigin = ({ origin, ...field }: FieldFacts): FieldFacts => (origin?.type === undefined && origin?.made === undefined ? field : { ...field, origin });
