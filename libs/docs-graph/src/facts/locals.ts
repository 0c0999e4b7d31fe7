import type { Node } from 'web-tree-sitter';
import type { Cuts } from './cuts.js';
import type { CallFacts, FunctionFacts, ImportFacts, LocalFacts, OriginFacts } from './file-facts.js';
import type { Language } from './language.js';
import { originOf } from './origin.js';
import type { Syntax } from './syntax.js';

interface Binding {
  /** Undefined where all that is known is that the name is bound elsewhere, too. */
  readonly node: Node | undefined;
  readonly isParameter: boolean;
  /** By an assignment: where the name is declared with a type, that type holds. */
  readonly isAssigned: boolean;
}

interface Names {
  /** Key of the function around; empty at the top of the file, undefined for the top itself. */
  readonly outer: string | undefined;
  readonly bound: Map<string, Binding[]>;
  /** Functions that are defined in it. */
  readonly defined: Set<string>;
}

/**
 * The variables of a file's functions: where each is bound, and at the end of those on which something is called, what they
 * hold. Blocks are not told apart: two variables of one name in one function are one that is bound twice.
 */
export class Locals {
  private readonly functions = new Map<string, Names>([['', { outer: undefined, bound: new Map(), defined: new Set() }]]);
  private readonly assignments: { readonly caller: string; readonly name: string; readonly binding: Binding }[] = [];
  private readonly found: LocalFacts[] = [];
  private readonly taken = new Set<string>();
  private readonly imported = new Set<string>();

  constructor(private readonly cuts: Cuts, private readonly language: Language, private readonly text: string) {}

  open({ key, name }: FunctionFacts, outer: string): void {
    this.functions.get(outer)?.defined.add(name);
    this.functions.set(key, { outer, bound: new Map(), defined: new Set() });
  }

  bind(caller: string, { kind, node, start, end }: Syntax, isParameter: boolean): void {
    const name = this.text.slice(start, end);
    const binding = { node, isParameter, isAssigned: kind === 'assigned' };
    if (kind === 'assigned') this.assignments.push({ caller, name, binding });
    else this.put(caller, name, binding);
    if (kind === 'shared') for (const outer of this.around(caller)) this.put(outer, name, { node: undefined, isParameter: false, isAssigned: false });
  }

  /** The type that is written beside a parameter that a field is set to. */
  written(caller: string, value: Node): OriginFacts | undefined {
    const [only, ...others] = value.type === 'identifier' ? this.functions.get(caller)?.bound.get(value.text) ?? [] : [];
    const bound = only?.node === undefined || !only.isParameter || others.length > 0 ? undefined : this.language.binding(only.node);
    return bound?.type === undefined ? undefined : originOf(this.language, this.cuts, bound);
  }

  /** Calls without those of what a variable holds, which name no definition; and the variables on which something is called, with those of which they are made. */
  finish(calls: readonly CallFacts[], imports: readonly ImportFacts[]): { calls: CallFacts[]; locals: LocalFacts[] } {
    for (const { alias, line } of imports) this.imported.add(`${alias}\n${line}`);
    for (const { caller, name, binding } of this.assignments) this.put(this.language.assignmentDeclares ? caller : this.declaring(caller, name) ?? '', name, binding);
    const named = calls.filter(({ caller, receiver, callee, line }) => receiver !== '' || !this.isVariable(caller, callee, line));
    for (const { caller, receiver } of named) {
      const name = rootOf(receiver);
      if (name !== '') this.take(caller, name);
    }
    return { calls: named, locals: this.found };
  }

  /** Whether a name is in a line what a function, or one around it, has bound before. */
  private isVariable(caller: string, name: string, line: number): boolean {
    if (!this.language.hasFunctionValues) return false;
    for (const key of [caller, ...this.around(caller)]) {
      const { bound, defined } = this.functions.get(key) ?? {};
      if (key === '' || defined?.has(name) === true) return false;
      if (this.unimported(name, bound?.get(name) ?? []).some(({ node, isParameter }) => node !== undefined && (isParameter || lineOf(node) < line))) return true;
    }
    return false;
  }

  private unimported(name: string, bindings: readonly Binding[]): Binding[] {
    return bindings.filter(({ node }) => node === undefined || !this.imported.has(`${name}\n${lineOf(node)}`));
  }

  private take(caller: string, name: string): void {
    const holder = this.declaring(caller, name);
    const key = `${holder}\n${name}`;
    if (holder === undefined || this.taken.has(key)) return;
    this.taken.add(key);
    const bindings = this.functions.get(holder)?.bound.get(name) ?? [];
    const origins = this.origins(this.unimported(name, bindings)).map((origin) => (this.isVariable(holder, origin.made ?? '', Infinity) ? {} : origin));
    if (this.cuts.room(this.found.length + origins.length - 1, 'locals')) this.found.push(...origins.map((origin) => ({ name, function: holder, ...origin })));
  }

  /** The different ones; where the text does not tell one, it tells nothing. */
  private origins(bindings: readonly Binding[]): OriginFacts[] {
    const parts = bindings.map((binding) => ({ ...binding, parts: binding.node === undefined ? {} : this.language.binding(binding.node) }));
    const isDeclared = parts.some(({ isAssigned, parts: bound }) => (!isAssigned || this.language.assignmentDeclares) && bound?.type !== undefined);
    const counting = parts.filter(({ isParameter, isAssigned, parts: bound }) => !isParameter && !(isDeclared && isAssigned && bound?.type === undefined));
    const origins = new Map<string, OriginFacts>();
    for (const { parts: bound } of counting) {
      const origin = bound === undefined ? undefined : originOf(this.language, this.cuts, bound);
      if (origin !== undefined) origins.set(JSON.stringify(origin), origin);
    }
    return origins.has('{}') ? [{}] : [...origins.values()];
  }

  private put(key: string, name: string, binding: Binding): void {
    const bound = this.functions.get(key)?.bound;
    const known = bound?.get(name);
    if (known === undefined) bound?.set(name, [binding]);
    else known.push(binding);
  }

  /** The innermost function that binds the name. */
  private declaring(caller: string, name: string): string | undefined {
    if (this.functions.get(caller)?.bound.has(name) ?? false) return caller;
    for (const outer of this.around(caller)) if (this.functions.get(outer)?.bound.has(name) ?? false) return outer;
    return undefined;
  }

  private *around(caller: string): Generator<string> {
    for (let outer = this.functions.get(caller)?.outer; outer !== undefined; outer = this.functions.get(outer)?.outer) yield outer;
  }
}

const lineOf = (node: Node): number => node.startPosition.row + 1;

/** The name with which a receiver of names and dots begins. */
const rootOf = (receiver: string): string => /^([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:[.?!][#\p{ID_Continue}$.?!]*)?$/u.exec(receiver)?.[1] ?? '';
