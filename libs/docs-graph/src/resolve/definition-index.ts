import type { LanguageName, SourceFacts } from '../facts/file-facts.js';
import { type Definition, family, FileNames } from './file-names.js';
import type { ReadKind, Reads } from './reads.js';

interface Named {
  readonly definition: Definition;
  readonly family: string;
}

/** What is answered to a lookup: `name` is empty but for what is inside the file `key`. */
export interface LookupAnswer {
  readonly kind: ReadKind;
  readonly key: string;
  readonly name: string;
  readonly answer: string;
}

/** Where definitions are: by their name in one file, in one package, and in all files. Every question is noted. */
export class DefinitionIndex {
  private readonly files = new Map<string, FileNames>();
  private readonly byName = new Map<string, Named[]>();
  /** By package and qualified name; of several the one whose path comes first. */
  private readonly members = new Map<string, Definition[]>();

  constructor(private readonly reads: Reads) {}

  add(facts: SourceFacts): void {
    const names = new FileNames(facts, this.reads);
    this.files.set(facts.path, names);
    for (const definition of names.definitions) push(this.byName, definition.name, { definition, family: family(facts.language) });
    for (const [key, definition] of membersOf(names)) {
      push(this.members, key, definition);
      if ((this.members.get(key)?.length ?? 0) > 1) this.members.get(key)?.sort(byPlace);
    }
  }

  remove(path: string): void {
    const names = this.files.get(path);
    if (names === undefined) return;
    this.files.delete(path);
    for (const { name } of names.definitions) keep(this.byName, name, ({ definition }) => definition.path !== path);
    for (const [key] of membersOf(names)) keep(this.members, key, (definition) => definition.path !== path);
  }

  /** The names of a file; undefined when it is none of ours. */
  file(path: string): FileNames | undefined {
    this.reads.note('file', path);
    return this.files.get(path);
  }

  inFile(path: string, qualifiedName: string): Definition | undefined {
    return this.file(path)?.get(qualifiedName);
  }

  inPackage(packageKey: string, qualifiedName: string): Definition | undefined {
    return this.membersAt(`${packageKey}#${qualifiedName}`)[0];
  }

  /** Methods of a class that its package's files give to it. */
  methodsInPackage(packageKey: string, className: string): readonly Definition[] {
    return this.membersAt(`${packageKey}#${className}.*`);
  }

  /** All definitions of the name of one in its file, of its kind: itself, and its overloads. */
  overloads({ path, qualifiedName, table }: Definition): readonly Definition[] {
    return this.file(path)?.all(qualifiedName).filter((one) => one.table === table) ?? [];
  }

  /** The only function, or method, of this name in the language; undefined when there are several. */
  only(language: LanguageName, kind: 'function' | 'method', name: string): Definition | undefined {
    this.reads.note('name', name);
    const own = family(language);
    return single(this.byName.get(name) ?? [], (one) => one.family === own && one.definition.kind === kind);
  }

  /** The only definition whose qualified name ends so, in any language. */
  mentioned(parts: readonly string[]): Definition | undefined {
    const [name = '', qualified] = [parts.at(-1), parts.join('.')];
    this.reads.note('mention', name);
    return single(this.byName.get(name) ?? [], ({ definition: { qualifiedName, isTest } }) => !isTest && (qualifiedName === qualified || qualifiedName.endsWith(`.${qualified}`)));
  }

  /** All questions whose answers a file has part in, with these answers: compared before and after a change. */
  answers(paths: Iterable<string>, others: Iterable<SourceFacts>): Map<string, LookupAnswer> {
    const found = new Map<string, LookupAnswer>();
    const take = (kind: ReadKind, key: string, answer: string, name = ''): unknown => found.set(lookupId(kind, key, name), { kind, key, name, answer });
    const names = [...paths].map((path) => ({ path, names: this.files.get(path) }));
    for (const { path, names: one } of names) take('file', path, one?.seen ?? '');
    for (const one of [...names.flatMap(({ names: own }) => own ?? []), ...[...others].map((facts) => new FileNames(facts, this.reads))]) {
      const { path } = one.facts;
      for (const name of one.names) {
        if (!found.has(lookupId('inside', path, name))) take('inside', path, this.files.get(path)?.seenAt(name) ?? '', name);
      }
      for (const { name } of one.definitions) {
        if (found.has(lookupId('name', name))) continue;
        const all = this.byName.get(name) ?? [];
        take('mention', name, JSON.stringify(all.map(({ definition }) => JSON.stringify(definition)).sort()));
        take('name', name, onlyOnes(all));
      }
      for (const [key] of membersOf(one)) take('member', key, JSON.stringify(this.members.get(key)));
    }
    return found;
  }

  private membersAt(key: string): readonly Definition[] {
    this.reads.note('member', key);
    return this.members.get(key) ?? [];
  }
}

/** No name and no path has a line end. */
const lookupId = (kind: ReadKind, key: string, name = ''): string => `${kind} ${key}\n${name}`;

function* membersOf(names: FileNames): Generator<[string, Definition]> {
  const { packageKey, facts } = names;
  if (packageKey === undefined) return;
  for (const one of names.definitions) yield [`${packageKey}#${one.qualifiedName}`, one];
  if (facts.language !== 'go') return;
  for (const one of names.definitions) if (one.kind === 'method') yield [`${packageKey}#${one.qualifiedName.slice(0, -one.name.length - 1)}.*`, one];
}

/** What `only` says of a name in each language and kind. */
function onlyOnes(all: readonly Named[]): string {
  const counts = new Map<string, string>();
  for (const { definition, family: of } of all) {
    const slot = `${of} ${definition.kind}`;
    counts.set(slot, counts.has(slot) ? '' : JSON.stringify(definition));
  }
  return JSON.stringify([...counts].filter(([, only]) => only !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

function single(all: readonly Named[], fits: (one: Named) => boolean): Definition | undefined {
  let found: Definition | undefined;
  for (const one of all) {
    if (!fits(one)) continue;
    if (found !== undefined) return undefined;
    found = one.definition;
  }
  return found;
}

const byPlace = (a: Definition, b: Definition): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function push<Item>(to: Map<string, Item[]>, key: string, item: Item): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, [item]);
  else known.push(item);
}

function keep<Item>(from: Map<string, Item[]>, key: string, wanted: (item: Item) => boolean): void {
  const left = from.get(key)?.filter(wanted) ?? [];
  if (left.length === 0) from.delete(key);
  else from.set(key, left);
}
