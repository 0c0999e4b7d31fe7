import type { ImportFacts } from '../facts/file-facts.js';
import type { DefinitionIndex } from './definition-index.js';
import { type Definition, type FileNames, goPackage } from './file-names.js';
import type { ModuleFiles } from './module-files.js';
import { firstResult, openedType, typeName } from './parameters.js';
import { scopesOf } from './scopes-of.js';

/** Of an object, not of the file. */
const ownName = /^(?:this|self|cls|Self)\b/;

/** Classes that extend one another; files that hand a name on. */
const STEPS_AT_MOST = 16;

/** What names mean in a file: through its own definitions, its imports and its package. */
export class NameResolver {
  /** What was found out for the file that is being resolved: its calls ask for the same names again and again. */
  private readonly targets = new Map<string, readonly string[]>();
  private readonly meanings = new Map<FileNames, Map<string, Definition | undefined>>();

  constructor(private readonly index: DefinitionIndex, private readonly modules: ModuleFiles) {}

  /** Forgets what was found out for the file before. */
  begin(): void {
    this.targets.clear();
    this.meanings.clear();
  }

  /** A name at the top of a file, or one that it imports or shares with its package; `name` may be qualified by dots. */
  named(file: FileNames, name: string): Definition | undefined {
    let meanings = this.meanings.get(file);
    if (meanings === undefined) this.meanings.set(file, meanings = new Map());
    const known = meanings.get(name);
    if (known !== undefined || meanings.has(name)) return known;
    const found = this.meaningOf(file, name);
    meanings.set(name, found);
    return found;
  }

  private meaningOf(file: FileNames, name: string): Definition | undefined {
    const own = file.get(name);
    if (own !== undefined) return own;
    const [first = '', ...members] = name.split('.');
    const bound = file.bound(first);
    if (bound !== undefined) return this.throughImport(file, bound, members);
    // `a.b.C` after Python's `import a.b`.
    const dotted = members.length > 1 ? file.bound(name.slice(0, name.lastIndexOf('.'))) : undefined;
    if (dotted !== undefined) return this.exported(file, dotted, members.at(-1) ?? '');
    return this.inPackage(file, name) ?? this.byPath(file, name);
  }

  /** What an import binds, or a member of it. */
  throughImport(file: FileNames, bound: ImportFacts, members: readonly string[]): Definition | undefined {
    if (bound.name !== '*') {
      const direct = this.exported(file, bound, [bound.name, ...members].join('.'));
      if (direct !== undefined) return direct;
    }
    return members.length === 0 ? undefined : this.exported(file, bound, members.join('.'));
  }

  /** The class that a type means in a file, there where a scope in it is. */
  classOf(file: FileNames, type: string, scope = ''): Definition | undefined {
    const name = typeName(type);
    if (name === '') return undefined;
    for (const around of scopesOf(scope)) {
      const inner = file.get(`${around}.${name}`);
      if (inner?.table === 'Class') return inner;
    }
    const found = this.named(file, name);
    return found?.table === 'Class' ? found : undefined;
  }

  /** The class of what a call of a definition gives: its own object, or what all of the name say they return; `opened`: after an await or unwrap. */
  given(of: Definition, opened: boolean): Definition | undefined {
    if (of.table === 'Class') return of;
    const file = this.index.file(of.path);
    const returns = new Set(this.index.overloads(of).map((one) => one.returns ?? ''));
    const [only = ''] = returns;
    if (file === undefined || returns.size !== 1 || only === '') return undefined;
    const type = opened ? openedType(only) : firstResult(file.facts.language, only);
    const parent = of.qualifiedName.slice(0, -of.name.length - 1);
    if (/^(?:this|Self)$/.test(typeName(type))) return this.named(file, parent);
    return this.classOf(file, type, parent);
  }

  /** A method of a class, or of what it extends: of the nearest that has one which fits. */
  method(of: Definition, name: string, fits: (one: Definition) => boolean): Definition | undefined {
    const seen = new Set<Definition>();
    const waiting = [of];
    for (let next = waiting.shift(); next !== undefined && seen.size < STEPS_AT_MOST; next = waiting.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const own = this.ownMethod(next, name);
      if (own !== undefined && fits(own)) return own;
      waiting.push(...this.bases(next));
    }
    return undefined;
  }

  bases(of: Definition): Definition[] {
    const file = this.index.file(of.path);
    const said = file?.class(of.qualifiedName)?.bases ?? [];
    return file === undefined ? [] : said.flatMap((base) => this.classOf(file, base) ?? []);
  }

  /** The class of a field of a class, or of what it extends; Go's embedded structs are fields of their own name. */
  field(of: Definition, name: string): Definition | undefined {
    const bases = this.bases(of);
    return this.ownField(of, name) ?? bases.find((base) => base.name === name && base.path.endsWith('.go')) ?? bases.map((base) => this.ownField(base, name)).find((one) => one !== undefined);
  }

  /** The files that an import means. */
  filesOf(file: FileNames, one: ImportFacts): readonly string[] {
    const asked = `${file.facts.path}\n${one.module}\n${one.name}`;
    const known = this.targets.get(asked);
    if (known !== undefined) return known;
    const found = this.modules.of(file.facts, one);
    this.targets.set(asked, found);
    return found;
  }

  private ownField(of: Definition, name: string): Definition | undefined {
    const file = this.index.file(of.path);
    const found = file?.class(of.qualifiedName)?.fields.find((one) => one.name === name);
    if (file === undefined || found === undefined) return undefined;
    const { type = found.type, made, opened = false } = found.origin ?? {};
    const maker = made === undefined || ownName.test(made) ? undefined : this.named(file, made.replaceAll('::', '.'));
    return maker === undefined ? this.classOf(file, type, of.qualifiedName) : this.given(maker, opened);
  }

  private ownMethod(of: Definition, name: string): Definition | undefined {
    const file = this.index.file(of.path);
    const own = file?.get(`${of.qualifiedName}.${name}`);
    if (own !== undefined || file?.packageKey === undefined) return own;
    return this.index.inPackage(file.packageKey, `${of.qualifiedName}.${name}`);
  }

  /** Go's files of one folder, and Java's of one package, know each other's names without an import. */
  private inPackage(file: FileNames, name: string): Definition | undefined {
    if (file.packageKey === undefined) return undefined;
    const own = this.index.inPackage(file.packageKey, name);
    if (own !== undefined || file.facts.language !== 'java') return own;
    return file.ofEverything.map(({ module }) => this.inJava(module, name)).find((one) => one !== undefined);
  }

  /** `a::b::c` in Rust, and `a.b.C` in Java, need no import. */
  private byPath(file: FileNames, name: string): Definition | undefined {
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    if (parts.length === 0 || file.facts.language !== 'rust') return undefined;
    return this.exported(file, { module: parts.join('::'), name: last, alias: '', reexport: false, line: 1 }, name);
  }

  /** A definition in the files that an import means, or in those from which they hand it on. */
  private exported(file: FileNames, from: ImportFacts, qualifiedName: string): Definition | undefined {
    if (file.facts.language === 'go') {
      const folder = this.modules.goFolder(from.module);
      return folder === undefined ? undefined : this.index.inPackage(goPackage(folder, false), qualifiedName);
    }
    if (file.facts.language === 'java') return this.inJava(from.module, qualifiedName);
    for (const path of this.filesOf(file, from)) {
      const found = this.index.inFile(path, qualifiedName);
      if (found !== undefined) return found;
    }
    return this.handedOn(file, from, qualifiedName, new Set());
  }

  /** Of a package, or of a class of it: `import static a.B.c` has the module `a.B`. */
  private inJava(module: string, name: string): Definition | undefined {
    const dot = module.lastIndexOf('.');
    return this.index.inPackage(`java ${module}`, name) ?? this.index.inPackage(`java ${module.slice(0, Math.max(0, dot))}`, `${module.slice(dot + 1)}.${name}`);
  }

  /** Files may hand names on in a circle, and by many ways. */
  private handedOn(file: FileNames, from: ImportFacts, qualifiedName: string, seen: Set<string>): Definition | undefined {
    for (const path of this.filesOf(file, from)) {
      const key = `${path} ${qualifiedName}`;
      if (seen.has(key) || seen.size >= STEPS_AT_MOST * STEPS_AT_MOST) continue;
      seen.add(key);
      const target = this.index.file(path);
      const found = target?.get(qualifiedName) ?? (file.facts.language === 'rust' ? this.below(target, qualifiedName) : undefined);
      if (found !== undefined) return found;
      if (target === undefined) continue;
      const [name = '', ...members] = qualifiedName.split('.');
      for (const one of target.handing(name)) {
        const rest = one.name === '*' && one.alias !== '' ? members : [one.name === '*' ? name : one.name, ...members];
        const further = rest.length === 0 ? undefined : this.handedOn(target, one, rest.join('.'), seen);
        if (further !== undefined) return further;
      }
    }
    return undefined;
  }

  /** A Rust path begins with the modules that led to the file: what is left of it names something inside. */
  private below(target: FileNames | undefined, qualifiedName: string): Definition | undefined {
    const parts = qualifiedName.split('.');
    return parts.slice(1).map((_, from) => target?.get(parts.slice(from + 1).join('.'))).find((one) => one !== undefined);
  }
}

