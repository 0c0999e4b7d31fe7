import type { CallFacts, FunctionFacts } from '../facts/file-facts.js';
import type { Confidence } from '../graph/graph-rows.js';
import type { DefinitionIndex } from './definition-index.js';
import type { Definition, FileNames } from './file-names.js';
import type { NameResolver } from './name-resolver.js';
import { parametersOf } from './parameters.js';

export interface Target {
  readonly to: Definition;
  readonly confidence: Confidence;
}

const ownReceiver = /^(?:this|self|cls|Self)$/;
const superReceiver = /^super(?:\(.*\))?$/;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Names of things that every program has: that a repository has one of its own says nothing about a call of unknown things. */
const everywhere = new Set('add all any append apply bind call clear clone close concat contains copy count delete each emit entries equals error exec extend filter find first flush forEach format from get has hashCode includes index indexOf insert is isEmpty items iter join keys last len length list load log lock map match max min new next of on open parse peek pop print push put read reduce remove replace reset resolve reverse run save search seek send set size slice sort split start stop strip sub substring sum test then toArray toString trim unwrap update value valueOf values warn write'.split(' '));

/**
 * What the calls in a file mean, as far as names, imports and written types tell. `call` is what the text says; where it
 * does not say what a receiver is, the only method of that name is `maybe` meant.
 */
export class CallResolver {
  private readonly functions: ReadonlyMap<string, FunctionFacts>;
  private readonly parameters = new Map<string, ReadonlyMap<string, string>>();

  constructor(private readonly file: FileNames, private readonly index: DefinitionIndex, private readonly names: NameResolver) {
    this.functions = new Map(file.facts.functions.map((one) => [one.key, one]));
  }

  resolve(call: CallFacts): Target | undefined {
    return call.receiver === '' ? this.plain(call) : this.received(call);
  }

  private plain(call: CallFacts): Target | undefined {
    const { callee, caller } = call;
    if (this.parameter(caller, callee) !== undefined) return undefined; // whatever was handed in
    const found = this.inScopes(caller, callee) ?? this.inherited(caller, callee) ?? this.names.named(this.file, callee);
    if (found !== undefined) return { to: found, confidence: 'call' };
    // What an import binds lies where it says: when that is not in the scope, nothing here is meant.
    return this.file.bound.has(callee) || !this.file.hasUnseenNames ? undefined : this.guess('function', callee);
  }

  /** From the innermost scope outwards; a method is no name in its class' scope, except in Java. */
  private inScopes(caller: string, callee: string): Definition | undefined {
    for (let scope = this.functions.get(caller)?.qualifiedName ?? ''; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) {
      const found = this.file.get(`${scope}.${callee}`);
      if (found !== undefined && (this.file.facts.language === 'java' || found.kind !== 'method')) return found;
    }
    return undefined;
  }

  /** Java's classes name what they inherit without `this`. */
  private inherited(caller: string, callee: string): Definition | undefined {
    if (this.file.facts.language !== 'java') return undefined;
    const own = this.ownClass(caller);
    return own === undefined ? undefined : this.names.method(own, callee);
  }

  private received(call: CallFacts): Target | undefined {
    const { receiver, callee, caller } = call;
    const dotted = receiver.replaceAll('::', '.').replace(/[?!]/g, '');
    const [first = '', ...rest] = dotted.split('.');
    const holder = receiver.includes('::') ? undefined : this.holder(caller, dotted);
    if (holder === 'unknown') return this.guess('method', callee);
    if (holder !== undefined) {
      const found = this.names.method(holder, callee) ?? this.file.get(`${holder.qualifiedName}.${callee}`);
      return found === undefined ? undefined : { to: found, confidence: 'call' };
    }
    if (!identifier.test(first)) return this.guess('method', callee);
    const found = this.static(dotted, callee);
    if (found !== undefined) return { to: found, confidence: 'call' };
    return this.file.bound.has(first) && (rest.length === 0 || this.isOutside(first)) ? undefined : this.guess('method', callee);
  }

  /** `Shop.open()`, `module.open()`, `table.open()`: names that the file knows. */
  private static(receiver: string, callee: string): Definition | undefined {
    const direct = this.names.named(this.file, `${receiver}.${callee}`);
    if (direct !== undefined) return direct;
    const found = this.names.named(this.file, receiver);
    return found?.table === 'Class' ? this.names.method(found, callee) : undefined;
  }

  /** The class of what a call is made on: undefined when the receiver is no object that the text tells of, `unknown` when it does not say its class. */
  private holder(caller: string, receiver: string): Definition | 'unknown' | undefined {
    const own = this.ownClass(caller);
    const [first = '', ...fields] = receiver.split('.');
    const self = this.functions.get(caller)?.self ?? '';
    if (superReceiver.test(receiver)) return own === undefined ? 'unknown' : this.names.bases(own)[0] ?? 'unknown';
    const type = this.parameter(caller, first);
    let holder: Definition | undefined;
    if (ownReceiver.test(first) || (self !== '' && first === self)) holder = own;
    else if (type !== undefined) holder = this.names.classOf(this.file, type);
    else return undefined;
    for (const field of fields) holder = holder === undefined ? undefined : this.names.field(holder, field);
    return holder ?? 'unknown';
  }

  /** The class around a function, however deep. */
  private ownClass(caller: string): Definition | undefined {
    for (let scope = this.functions.get(caller)?.qualifiedName ?? ''; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) {
      const parent = this.functions.get(scope)?.parent ?? '';
      if (parent === '') continue;
      return this.names.named(this.file, parent);
    }
    return undefined;
  }

  /** The type of a parameter of a function or of one around it; empty where it is not said, undefined where there is none. */
  private parameter(caller: string, name: string): string | undefined {
    if (!identifier.test(name)) return undefined;
    for (let own = this.functions.get(caller), scope = own?.qualifiedName ?? ''; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.'))), own = this.functions.get(scope)) {
      const type = own === undefined || own.parameters === '' ? undefined : this.parametersOf(own).get(name);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  private parametersOf({ key, parameters }: FunctionFacts): ReadonlyMap<string, string> {
    const found = this.parameters.get(key) ?? parametersOf(this.file.facts.language, parameters);
    this.parameters.set(key, found);
    return found;
  }

  private isOutside(alias: string): boolean {
    const bound = this.file.bound.get(alias);
    return bound !== undefined && this.names.throughImport(this.file, bound, []) === undefined;
  }

  private guess(kind: 'function' | 'method', name: string): Target | undefined {
    if (kind === 'method' && everywhere.has(name)) return undefined;
    const found = this.index.only(this.file.facts.language, kind, name);
    return found === undefined ? undefined : { to: found, confidence: 'maybe' };
  }
}
