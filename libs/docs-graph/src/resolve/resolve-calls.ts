import path from 'node:path';
import { z } from 'zod';
import type { CallFacts, ImportFacts, SourceFacts } from '../facts/file-facts.js';
import { type Definition, DefinitionIndex } from './definition-index.js';
import { ModuleFiles } from './module-files.js';

const end = z.object({ path: z.string(), key: z.string() });

/** One function calls another. `call`: the text says which; `maybe`: it is the only one of that name. */
export const callEdge = z.object({ from: end, to: end, confidence: z.enum(['call', 'maybe']), line: z.int().positive() });
export type CallEdge = z.output<typeof callEdge>;

const ownReceiver = /^(?:this|self|cls|Self|super\(\)|super)$/;

/**
 * Which definitions the calls of a repository mean, as far as names tell: without types a method of a variable can only be
 * guessed. The same edges in the same order for the same files, in whatever order they come.
 */
export function resolveCalls(files: readonly SourceFacts[]): CallEdge[] {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const resolver = new CallResolver(sorted);
  return sorted.flatMap((file) => file.calls.flatMap((call): CallEdge[] => {
    const found = resolver.resolve(file, call);
    return found === undefined ? [] : [{ from: { path: file.path, key: call.caller }, ...found, line: call.line }];
  }));
}

class CallResolver {
  private readonly definitions: DefinitionIndex;
  private readonly modules: ModuleFiles;
  private readonly files: ReadonlyMap<string, SourceFacts>;
  /** Per file its imports by the name that they bind. */
  private readonly bound = new Map<string, Map<string, ImportFacts>>();

  constructor(files: readonly SourceFacts[]) {
    this.definitions = new DefinitionIndex(files);
    this.modules = new ModuleFiles(files.map((file) => file.path));
    this.files = new Map(files.map((file) => [file.path, file]));
    for (const file of files) this.bound.set(file.path, new Map(file.imports.filter(({ alias }) => alias !== '').map((one) => [one.alias, one])));
  }

  resolve(file: SourceFacts, call: CallFacts): Pick<CallEdge, 'to' | 'confidence'> | undefined {
    const sure = call.receiver === '' ? this.plain(file, call) : this.received(file, call);
    if (sure !== undefined) return { to: sure, confidence: 'call' };
    // What an import binds lies where it says: when that is not in the repository, nothing here is meant.
    const first = /^[^.:(]*/.exec(call.receiver)?.[0] ?? '';
    if (this.bound.get(file.path)?.has(call.receiver === '' ? call.callee : first)) return undefined;
    const guess = this.definitions.only(file.language, call.receiver === '' ? 'function' : 'method', call.callee);
    return guess === undefined ? undefined : { to: guess, confidence: 'maybe' };
  }

  /** `name()`: from the innermost scope outwards, then what is imported, then the other files of the package. */
  private plain(file: SourceFacts, { caller, callee }: CallFacts): Definition | undefined {
    for (let scope = caller.replace(/~\d+$/, ''); scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) {
      // A method is no name in its class' scope, except in Java.
      const found = this.definitions.inFile(file.path, `${scope}.${callee}`);
      if (found !== undefined && (file.language === 'java' || this.definitions.parentOf(found.path, found.key) === '')) return found;
    }
    return this.definitions.inFile(file.path, callee) ?? this.imported(file, callee) ?? this.inPackage(file, callee);
  }

  /** `x.name()`: the own class, a class of this file or an imported one, or a module. */
  private received(file: SourceFacts, { receiver, callee, caller }: CallFacts): Definition | undefined {
    if (ownReceiver.test(receiver)) return this.ownMethod(file, caller, callee);
    const name = receiver.replaceAll('::', '.');
    const own = this.definitions.inFile(file.path, `${name}.${callee}`);
    if (own !== undefined) return own;
    const found = this.bound.get(file.path)?.get(name);
    if (found === undefined) return undefined;
    return found.name === '*' ? this.exported(file, found, callee) : this.exported(file, found, `${found.name}.${callee}`) ?? this.exported(file, found, callee);
  }

  /** A method of the class around the caller, or of one of its bases that this file or an import names. */
  private ownMethod(file: SourceFacts, caller: string, callee: string): Definition | undefined {
    const parent = this.definitions.parentOf(file.path, caller);
    if (parent === '') return undefined;
    const own = this.definitions.inFile(file.path, `${parent}.${callee}`);
    return own ?? this.definitions.basesOf(file.path, parent).map((base) => {
      const name = base.replace(/[<[(][^]*$/, '');
      return this.definitions.inFile(file.path, `${name}.${callee}`) ?? this.imported(file, name, `.${callee}`);
    }).find((found) => found !== undefined);
  }

  private imported(file: SourceFacts, alias: string, member = ''): Definition | undefined {
    const found = this.bound.get(file.path)?.get(alias);
    return found === undefined ? undefined : this.exported(file, found, found.name + member);
  }

  /** A definition in the files that an import means, or in those from which they hand it on. */
  private exported(file: SourceFacts, from: ImportFacts, qualifiedName: string, seen = new Set<string>()): Definition | undefined {
    const [name = '', ...members] = qualifiedName.split('.');
    for (const target of this.modules.of(file, from)) {
      if (seen.has(`${target} ${qualifiedName}`)) continue; // files may hand names on in a circle, and by many ways
      seen.add(`${target} ${qualifiedName}`);
      const found = this.definitions.inFile(target, qualifiedName);
      if (found !== undefined) return found;
      const next = this.files.get(target);
      for (const one of next?.imports ?? []) {
        if (next === undefined || !one.reexport || (one.alias !== name && !(one.name === '*' && one.alias === ''))) continue;
        const further = this.exported(next, one, [one.name === '*' ? name : one.name, ...members].join('.'), seen);
        if (further !== undefined) return further;
      }
    }
    return undefined;
  }

  /** Go's files of one folder, and Java's, know each other's names without an import. */
  private inPackage(file: SourceFacts, name: string): Definition | undefined {
    if (file.language !== 'go' && file.language !== 'java') return undefined;
    return this.modules.inFolder(path.posix.dirname(file.path)).filter((one) => this.files.get(one)?.language === file.language)
      .map((one) => this.definitions.inFile(one, name)).find((found) => found !== undefined);
  }
}
