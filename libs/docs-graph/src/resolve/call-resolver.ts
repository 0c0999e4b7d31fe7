import type { CallFacts } from '../facts/file-facts.js';
import type { DefinitionIndex } from './definition-index.js';
import type { Definition, FileNames } from './file-names.js';
import { Holders, identifier } from './holders.js';
import type { NameResolver } from './name-resolver.js';
import { fits, overloadOf, type Target } from './overloads.js';
import { scopesOf } from './scopes-of.js';

/** `a::b`, `a::`; not `Self::`, which is the own class. */
const path = /^(?!Self::$).*::/;
/** Names of things that every program has: that a repository has one of its own says nothing about a call of unknown things. */
const everywhere = new Set('add all any append apply bind call clear clone close concat contains copy count delete each emit entries equals error exec extend filter find first flush forEach format from get has hashCode includes index indexOf insert is isEmpty items iter join keys last len length list load log lock map match max min new next of on open parse peek pop print push put read reduce remove replace reset resolve reverse run save search seek send set size slice sort split start stop strip sub substring sum test then toArray toString trim unwrap update value valueOf values warn write'.split(' '));

/**
 * What the calls in a file mean, as far as names, imports and written types tell. `call` is what the text says; where it
 * does not say what a receiver is, the only method of that name is `maybe` meant.
 */
export class CallResolver {
  private readonly holders: Holders;

  constructor(private readonly file: FileNames, private readonly index: DefinitionIndex, private readonly names: NameResolver) {
    this.holders = new Holders(file, names, (call) => this.resolve(call));
  }

  resolve(call: CallFacts): Target | undefined {
    return call.receiver === '' ? this.plain(call) : this.received(call);
  }

  private plain(call: CallFacts): Target | undefined {
    const { callee, caller } = call;
    if (this.file.facts.language !== 'java' && this.holders.isParameter(caller, callee)) return undefined; // whatever was handed in
    const found = this.inScopes(call) ?? this.meant(this.names.named(this.file, callee), call);
    if (found !== undefined) return found;
    // What an import binds lies where it says: when that is not in the scope, nothing here is meant.
    return this.file.bound(callee) !== undefined || !this.file.hasUnseenNames ? undefined : this.guess('function', call);
  }

  /** From the innermost scope outwards; a method is no name in its class' scope, except in Java, where what a class inherits is one too. */
  private inScopes(call: CallFacts): Target | undefined {
    const isJava = this.file.facts.language === 'java';
    for (const scope of scopesOf(this.holders.function(call.caller)?.qualifiedName ?? '')) {
      const around = isJava ? this.file.get(scope) : undefined;
      if (around?.table === 'Class') {
        const found = this.method(around, call);
        if (found !== undefined) return found;
        continue;
      }
      const found = this.file.get(`${scope}.${call.callee}`);
      if (found !== undefined && (isJava || found.kind !== 'method')) return this.meant(found, call);
    }
    return undefined;
  }

  private method(of: Definition, call: CallFacts): Target | undefined {
    return this.meant(this.names.method(of, call.callee, (one) => this.meant(one, call) !== undefined), call);
  }

  /** Of a definition and its overloads that which a call means. */
  private meant(found: Definition | undefined, call: CallFacts): Target | undefined {
    if (found?.arity === undefined) return found === undefined ? undefined : { to: found, confidence: 'call' };
    const { language, path } = this.file.facts;
    const all = this.index.overloads(found);
    if (language === 'java') return overloadOf(all, call.arguments, (one) => one.path === path && one.key === call.caller);
    // TypeScript's signatures are all of one function.
    return { to: all.find((one) => fits(one, call.arguments)) ?? found, confidence: 'call' };
  }

  private received(call: CallFacts): Target | undefined {
    const { receiver, callee, caller } = call;
    const dotted = receiver.replaceAll('::', '.').replace(/[?!]|\.$/g, '');
    const [first = '', ...rest] = dotted.split('.');
    const holder = path.test(receiver) ? undefined : this.holders.of(caller, dotted);
    if (holder === 'unknown') return this.guess('method', call);
    if (holder !== undefined) {
      return this.method(holder, call) ?? this.meant(this.file.get(`${holder.qualifiedName}.${callee}`), call);
    }
    if (!identifier.test(first)) return this.guess('method', call);
    const found = this.static(dotted, call);
    if (found !== undefined) return found;
    return this.file.bound(first) !== undefined && (rest.length === 0 || this.isOutside(first)) ? undefined : this.guess('method', call);
  }

  /** `Shop.open()`, `module.open()`, `table.open()`: names that the file knows. */
  private static(receiver: string, call: CallFacts): Target | undefined {
    const direct = this.meant(this.names.named(this.file, `${receiver}.${call.callee}`), call);
    if (direct !== undefined) return direct;
    const found = this.names.named(this.file, receiver);
    return found?.table === 'Class' ? this.method(found, call) : undefined;
  }

  private isOutside(alias: string): boolean {
    const bound = this.file.bound(alias);
    return bound !== undefined && this.names.throughImport(this.file, bound, []) === undefined;
  }

  private guess(kind: 'function' | 'method', call: CallFacts): Target | undefined {
    if (kind === 'method' && everywhere.has(call.callee)) return undefined;
    const found = this.index.only(this.file.facts.language, kind, call.callee);
    return found === undefined || !fits(found, call.arguments) ? undefined : { to: found, confidence: 'maybe' };
  }
}
