import type { DocumentFacts, SourceFacts } from '../facts/file-facts.js';
import type { FileLinks, Link, Place } from '../graph/file-links.js';
import { CallResolver } from './call-resolver.js';
import { DefinitionIndex } from './definition-index.js';
import type { FileNames } from './file-names.js';
import { mentionsIn } from './mentions.js';
import { ModuleFiles } from './module-files.js';
import { NameResolver } from './name-resolver.js';
import { Reads } from './reads.js';
import { isTestFile } from './test-files.js';

/** Files of a Go package that one import leads to: of more the first. */
const FILES_PER_IMPORT = 16;

/** What a file means among the others. */
export class LinkResolver {
  readonly reads = new Reads();
  readonly index = new DefinitionIndex(this.reads);
  readonly modules = new ModuleFiles(this.reads);
  private readonly names = new NameResolver(this.index, this.modules);

  source(facts: SourceFacts): FileLinks {
    this.names.begin();
    this.reads.begin(facts.path);
    const file = this.index.file(facts.path);
    if (file === undefined) return noLinks;
    return { links: onlyFirst([...this.calls(file), ...this.bases(file)]), imports: this.imports(file), classes: this.classes(file), methods: this.methods(file) };
  }

  document(facts: DocumentFacts): FileLinks {
    this.reads.begin(facts.path);
    const links = facts.pages.flatMap((page) => mentionsIn(page.text).flatMap(({ parts, line }): Link[] => {
      const to = this.index.mentioned(parts);
      // The page's first line is its heading; the text begins below.
      return to === undefined ? [] : [{ table: 'DOCUMENTS', fromKey: page.key, to: placeOf(to), toTable: to.table, confidence: '', line: Math.min(page.endLine, page.startLine + line) }];
    }));
    return { ...noLinks, links: onlyFirst(links) };
  }

  private calls(file: FileNames): Link[] {
    const resolver = new CallResolver(file, this.index, this.names);
    const inTests = isTestFile(file.facts.path);
    const tests = new Set(file.facts.functions.filter(({ isTest }) => isTest || inTests).map(({ key }) => key));
    return file.facts.calls.flatMap((call): Link[] => {
      const found = call.caller === '' ? undefined : resolver.resolve(call);
      if (found === undefined) return [];
      const link: Link = { table: 'DEPENDS_ON', fromKey: call.caller, to: placeOf(found.to), toTable: found.to.table, confidence: found.confidence, line: call.line };
      const isTested = tests.has(call.caller) && found.to.table === 'Function' && !found.to.isTest && !tests.has(found.to.path === file.facts.path ? found.to.key : '') && !isTestFile(found.to.path);
      return isTested ? [link, { ...link, table: 'TESTS' }] : [link];
    });
  }

  private bases(file: FileNames): Link[] {
    return file.facts.classes.flatMap((one) => one.bases.flatMap((base): Link[] => {
      const to = this.names.classOf(file, base);
      return to === undefined || (to.path === file.facts.path && to.key === one.key) ? [] : [{ table: 'INHERITS', fromKey: one.key, to: placeOf(to), toTable: 'Class', confidence: 'call', line: one.startLine }];
    }));
  }

  private imports(file: FileNames): Map<string, number> {
    const found = new Map<string, number>();
    for (const one of file.facts.imports) {
      for (const path of this.importedFiles(file, one)) if (path !== file.facts.path && !found.has(path)) found.set(path, one.line);
    }
    return found;
  }

  private importedFiles(file: FileNames, one: SourceFacts['imports'][number]): readonly string[] {
    if (file.facts.language === 'java') return [this.names.throughImport(file, one, [])?.path ?? []].flat();
    if (file.facts.language !== 'go') return this.names.filesOf(file, one);
    const folder = this.modules.goFolder(one.module);
    return folder === undefined ? [] : this.modules.goFiles(folder).slice(0, FILES_PER_IMPORT);
  }

  /** Go's methods may stand in another file of their type's package, Rust's in any that imports it. */
  private classes(file: FileNames): Map<string, Place> {
    const found = new Map<string, Place>();
    for (const { key, parent, kind } of file.facts.functions) {
      if (kind !== 'method' || file.classes.has(parent)) continue;
      const to = this.names.named(file, parent);
      if (to?.table === 'Class') found.set(key, placeOf(to));
    }
    return found;
  }

  private methods(file: FileNames): Map<string, readonly string[]> {
    const { facts, packageKey } = file;
    if (facts.language !== 'go' || packageKey === undefined) return new Map();
    return new Map([...file.classes.values()].map(({ key, qualifiedName }) => [key, this.index.methodsInPackage(packageKey, qualifiedName).filter(({ path }) => path !== facts.path).map(({ name }) => name)]));
  }
}

export const noLinks: FileLinks = { links: [], imports: new Map(), classes: new Map(), methods: new Map() };

const placeOf = ({ path, key }: Place): Place => ({ path, key });

/** One edge per table and ends; a call that is sure counts before one that is not, then the first. */
function onlyFirst(links: readonly Link[]): Link[] {
  const found = new Map<string, Link>();
  for (const link of links) {
    const key = `${link.table} ${link.fromKey}\n${link.to.path}\n${link.to.key}`;
    const known = found.get(key);
    if (known === undefined || (known.confidence === 'maybe' && link.confidence === 'call')) found.set(key, link);
  }
  return [...found.values()];
}
