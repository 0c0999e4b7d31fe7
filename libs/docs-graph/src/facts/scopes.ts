import type { FunctionDraft } from './definitions.js';
import type { ClassFacts } from './file-facts.js';

/** What is open at some place of a file: from the file's top to the innermost definition. */
export interface Scope {
  /** `class` also for what continues one (Rust's impl); `space` for namespaces, objects and suites of tests. */
  readonly kind: 'function' | 'class' | 'space';
  readonly qualifiedName: string;
  readonly end: number;
  /** Where its name begins: marks before it are its own. */
  readonly nameStart: number;
  /** Where a function's parameters end. */
  readonly parametersEnd: number;
  readonly draft: FunctionDraft | ClassFacts | undefined;
  readonly marks: string[];
  /** Key of the innermost function, this one included. */
  readonly caller: string;
}

/** A stack, not recursion: how deep code nests is for its author to say. */
export class Scopes {
  private readonly open: Scope[] = [];

  /** Leaves all that ended before `start`. */
  enter(start: number): void {
    while ((this.open.at(-1)?.end ?? Infinity) <= start) this.open.pop();
  }

  push(scope: Scope): void {
    this.open.push(scope);
  }

  get depth(): number {
    return this.open.length;
  }

  get innermost(): Scope | undefined {
    return this.open.at(-1);
  }

  /** The class around, whose method this may be in; not what only continues one. */
  get classDraft(): ClassFacts | undefined {
    const draft = this.open.findLast(({ kind }) => kind === 'class')?.draft;
    return draft !== undefined && 'fields' in draft ? draft : undefined;
  }

  get caller(): string {
    return this.innermost?.caller ?? '';
  }

  /** A name as it is known at the file's top. */
  qualify(name: string): string {
    const outer = this.innermost?.qualifiedName ?? '';
    return outer === '' ? name : `${outer}.${name}`;
  }
}
