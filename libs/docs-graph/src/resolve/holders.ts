import type { CallFacts, FunctionFacts, LocalFacts, OriginFacts } from '../facts/file-facts.js';
import type { Definition, FileNames } from './file-names.js';
import type { NameResolver } from './name-resolver.js';
import type { Target } from './overloads.js';
import { parametersOf } from './parameters.js';
import { scopesOf } from './scopes-of.js';

const ownName = /^(?:this|self|cls|Self)$/;
const superReceiver = /^super(?:\(.*\))?$/;
/** A plain name, of a variable say. */
export const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const isVariant = /^\p{Lu}/u;
/** Variants of an enum, and associated functions that give an object of their type also where a macro or a trait writes them. */
const rustOfItsType = /^(?:new$|default$|from$|\p{Lu})/u;
/** Variables made by calls on variables made by calls …: so far back it is followed. */
const MADE_OF_AT_MOST = 4;

/** The class of an object; `unknown` where the text does not say it. */
export type Holder = Definition | 'unknown';

/** What the names in a file's functions hold: their own object, parameters, variables, and fields of these. */
export class Holders {
  private readonly functions: ReadonlyMap<string, FunctionFacts>;
  private readonly locals: ReadonlyMap<string, readonly LocalFacts[]>;
  private readonly parameters = new Map<string, ReadonlyMap<string, string>>();
  private readonly found = new Map<string, Holder>();
  private depth = 0;

  /** `resolve` says what a call means. */
  constructor(private readonly file: FileNames, private readonly names: NameResolver, private readonly resolve: (call: CallFacts) => Target | undefined) {
    this.functions = new Map(file.facts.functions.map((one) => [one.key, one]));
    this.locals = Map.groupBy(file.facts.locals, (one) => `${one.function}\n${one.name}`);
  }

  function(key: string): FunctionFacts | undefined {
    return this.functions.get(key);
  }

  /** Undefined when the receiver is no object that the text tells of. */
  of(caller: string, receiver: string): Holder | undefined {
    const [first = '', ...fields] = receiver.split('.');
    const self = this.functions.get(caller)?.self ?? '';
    if (superReceiver.test(receiver)) {
      const own = this.ownClass(caller);
      return own === undefined ? 'unknown' : this.names.bases(own)[0] ?? 'unknown';
    }
    const root = ownName.test(first) || (self !== '' && first === self) ? this.ownClass(caller) ?? 'unknown' : this.variable(caller, first);
    if (root === undefined) return undefined;
    let holder = root === 'unknown' ? undefined : root;
    for (const field of fields) holder = holder === undefined ? undefined : this.names.field(holder, field);
    return holder ?? 'unknown';
  }

  /** Whether a function, or one around it, is handed something under this name: what is called so is not what the file calls so. */
  isParameter(caller: string, name: string): boolean {
    for (const { key, parameters } of this.around(caller)) if (parameters !== '' && this.parametersOf(key, parameters).has(name)) return true;
    return false;
  }

  private variable(caller: string, name: string): Holder | undefined {
    if (!identifier.test(name)) return undefined;
    for (const own of this.around(caller)) {
      const type = own.parameters === '' ? undefined : this.parametersOf(own.key, own.parameters).get(name);
      const found = this.held(own, name, type === undefined ? [] : [{ type }]);
      if (found !== undefined) return found;
    }
    const field = this.file.facts.language === 'java' ? this.ownField(caller, name) : undefined;
    if (field !== undefined) return field;
    // What an import or a definition binds as well is what the others call so.
    return this.file.bound(name) !== undefined || this.file.get(name) !== undefined ? undefined : this.held(undefined, name, []);
  }

  /** Of what all its bindings in one function say the same. */
  private held(own: FunctionFacts | undefined, name: string, parameter: readonly OriginFacts[]): Holder | undefined {
    const key = `${own?.key ?? ''}\n${name}`;
    const known = this.found.get(key);
    const origins = known === undefined ? [...parameter, ...this.locals.get(key) ?? []] : [];
    if (known !== undefined || origins.length === 0) return known;
    this.found.set(key, 'unknown'); // as long as it is asked for itself
    const all = new Set(origins.map((origin) => this.origin(own, origin)));
    const [only] = all;
    const held = all.size === 1 && only !== undefined ? only : 'unknown';
    this.found.set(key, held);
    return held;
  }

  private origin(own: FunctionFacts | undefined, { type, made, opened = false }: OriginFacts): Definition | undefined {
    if (type !== undefined) return ownName.test(type) ? this.ownClass(own?.key ?? '') : this.names.classOf(this.file, type, own?.qualifiedName) ?? this.prototype(type);
    if (made === undefined || this.depth >= MADE_OF_AT_MOST) return undefined;
    this.depth += 1;
    const found = this.made(own?.key ?? '', made, opened);
    this.depth -= 1;
    return found;
  }

  private made(caller: string, made: string, opened: boolean): Definition | undefined {
    const [, receiver = '', callee = ''] = /^(?:(.*::|.*(?=\.))\.?)?([^.:]+)$/.exec(made) ?? [];
    const type = receiver.endsWith('::') && rustOfItsType.test(callee) ? this.names.classOf(this.file, receiver.slice(0, -2), this.functions.get(caller)?.qualifiedName) : undefined;
    if (type !== undefined && isVariant.test(callee)) return type;
    const target = this.resolve({ callee, receiver, caller, line: 1 });
    if (target?.confidence === 'call') return this.names.given(target.to, opened);
    return target === undefined ? type : undefined;
  }

  /** In JavaScript a function may be the class, with methods on its prototype. */
  private prototype(type: string): Definition | undefined {
    const found = this.file.facts.language === 'javascript' ? this.names.named(this.file, type) : undefined;
    return found?.kind === 'function' ? found : undefined;
  }

  /** Java says a field's name alone; of the class around, or of one around that. */
  private ownField(caller: string, name: string): Definition | undefined {
    for (const scope of scopesOf(this.functions.get(caller)?.qualifiedName ?? '')) {
      const around = this.file.get(scope);
      const found = around?.table === 'Class' ? this.names.field(around, name) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The class around a function, however deep. */
  private ownClass(caller: string): Definition | undefined {
    for (const { parent } of this.around(caller)) if (parent !== '') return this.names.named(this.file, parent);
    return undefined;
  }

  /** A function, and those in which it stands, outwards. */
  private *around(caller: string): Generator<FunctionFacts> {
    const own = this.functions.get(caller);
    if (own === undefined) return;
    yield own;
    for (const scope of scopesOf(own.qualifiedName).slice(1)) {
      const outer = this.functions.get(scope);
      if (outer !== undefined) yield outer;
    }
  }

  private parametersOf(key: string, parameters: string): ReadonlyMap<string, string> {
    const found = this.parameters.get(key) ?? parametersOf(this.file.facts.language, parameters);
    this.parameters.set(key, found);
    return found;
  }
}
