import path from 'node:path';
import type { ImportFacts, SourceFacts } from '../facts/file-facts.js';
import { folderOf } from '../graph/folder-of.js';
import { Manifests } from './manifests.js';
import type { Reads } from './reads.js';

/** The files of a scope, asked for by what an import says. Every question is noted. */
export class ModuleFiles {
  private readonly known = new Set<string>();
  private readonly folders = new Map<string, Set<string>>();
  /** Where Python's absolute imports begin, by the folder of the file that imports. */
  private readonly pythonRoots = new Map<string, readonly string[]>();
  manifests = new Manifests([]);

  constructor(private readonly reads: Reads) {}

  add(file: string): void {
    this.known.add(file);
    const folder = this.folders.get(folderOf(file)) ?? new Set();
    this.folders.set(folderOf(file), folder.add(file));
    if (isInit(file)) this.pythonRoots.clear();
  }

  remove(file: string): void {
    this.known.delete(file);
    const folder = this.folders.get(folderOf(file));
    folder?.delete(file);
    if (folder?.size === 0) this.folders.delete(folderOf(file));
    if (isInit(file)) this.pythonRoots.clear();
  }

  /** The files of a Go package, by their paths. */
  goFiles(folder: string): string[] {
    this.reads.note('folder', folder);
    return [...this.folders.get(folder) ?? []].filter((one) => one.endsWith('.go') && !one.endsWith('_test.go')).sort();
  }

  /** The folder that a Go import means. Without any go.mod: the longest end of its path that is a folder here. */
  goFolder(module: string): string | undefined {
    const { folder, known } = this.manifests.goFolder(module);
    if (known) return folder;
    const parts = module.split('/');
    // Paths without a dot in their first part are the standard library's.
    return parts[0]?.includes('.') === true ? parts.map((_, from) => parts.slice(from).join('/')).find((end) => this.goFiles(end).length > 0) : undefined;
  }

  /** The files that an import of a language with files as modules may mean: one, or none for what is not in the scope. */
  of(file: SourceFacts, { module, name }: Pick<ImportFacts, 'module' | 'name'>): readonly string[] {
    switch (file.language) {
      case 'typescript': case 'tsx': case 'javascript': return this.script(file.path, module);
      case 'python': return this.python(folderOf(file.path), module, name);
      case 'rust': return this.rust(file.path, module, name);
      case 'go': case 'java': return [];
    }
  }

  private script(from: string, module: string): string[] {
    const targets = module.startsWith('.') ? [path.posix.join(folderOf(from), module)] : this.manifests.script(from, module);
    for (const target of targets) {
      this.note(`${target}.ts`);
      this.note(`${target}/index.ts`);
      const found = this.scriptAt(target);
      if (found !== undefined) return [found];
    }
    return [];
  }

  /** TypeScript writes `./a.js` for a.ts, bundlers and CommonJS leave the extension or the index file out. */
  private scriptAt(target: string): string | undefined {
    if (this.known.has(target)) return target;
    const bare = target.replace(/\.([cm]?)js(x?)$/, '');
    for (const base of bare === target ? [target] : [bare, target]) {
      const found = scriptExtensions.find((extension) => this.known.has(base + extension));
      if (found !== undefined) return base + found;
    }
    const index = scriptExtensions.find((extension) => this.known.has(`${target}/index${extension}`));
    return index === undefined ? undefined : `${target}/index${index}`;
  }

  private first(candidates: readonly string[]): string[] {
    for (const one of candidates) this.note(one);
    const found = candidates.find((one) => this.known.has(one));
    return found === undefined ? [] : [found];
  }

  private note(candidate: string): void {
    this.reads.note('stem', stemOf(candidate));
  }

  private python(folder: string, module: string, name: string): string[] {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const rest = module.slice(dots).replaceAll('.', '/');
    const ends = (base: string): string[] => [...(name === '*' ? [] : pythonPaths(base === '' ? name : `${base}/${name}`)), ...pythonPaths(base)];
    if (dots > 0) return this.first(ends(path.posix.join(folder, '../'.repeat(dots - 1), rest)));
    const candidates = this.roots(folder).flatMap((root) => ends(root === '.' ? rest : `${root}/${rest}`));
    const words = [name, rest.slice(rest.lastIndexOf('/') + 1)];
    if (words.some((word) => speaksForFolder.has(word))) return this.first(candidates);
    // Under every root they end in the same words.
    for (const word of words) this.reads.note('stem', word);
    const found = candidates.find((one) => this.known.has(one));
    return found === undefined ? [] : [found];
  }

  /** Where absolute imports may begin: above the file's own package, and the source folders beside. A package is no root. */
  private roots(folder: string): readonly string[] {
    for (let at = folder; ; at = folderOf(at)) {
      this.note(path.posix.join(at, '__init__.py'));
      if (at === '.') break;
    }
    const known = this.pythonRoots.get(folder);
    if (known !== undefined) return known;
    const found: string[] = [];
    for (let at = folder; ; at = folderOf(at)) {
      if (!this.known.has(path.posix.join(at, '__init__.py'))) found.push(at, path.posix.join(at, 'src'), path.posix.join(at, 'lib'));
      if (at === '.') break;
    }
    this.pythonRoots.set(folder, found);
    return found;
  }

  private rust(from: string, module: string, name: string): string[] {
    const parts = [...module.split('::'), name].filter((part) => part !== '' && part !== '*');
    const [first = ''] = parts;
    const crate = this.manifests.crateFolder(from);
    const own = /(?:^|\/)(?:mod|lib|main)\.rs$/.test(from) || folderOf(from) === path.posix.join(crate ?? '', 'tests') ? folderOf(from) : from.replace(/\.rs$/, '');
    let base = own;
    if (first === 'crate') base = from.includes('src/') ? from.slice(0, from.lastIndexOf('src/') + 3) : crate ?? '.';
    for (; parts[0] === 'super'; parts.shift()) base = folderOf(base);
    const root = this.manifests.crateRoot(first);
    if (root !== undefined) return this.rustFile(folderOf(root), parts.slice(1), [root]);
    const roots = first === 'crate' ? ['lib.rs', 'main.rs'].map((file) => path.posix.join(base, file)) : first === 'super' || parts[0] !== first ? rustOf(base) : [];
    return this.rustFile(base, parts.filter((part) => part !== 'crate' && part !== 'self'), first === 'self' ? [from] : roots);
  }

  /** The longest path that is a file: what follows are names inside of it. */
  private rustFile(base: string, parts: readonly string[], roots: readonly string[]): string[] {
    return this.first([...parts.map((_, cut) => parts.slice(0, parts.length - cut)).flatMap((some) => rustOf(path.posix.join(base, ...some))), ...roots]);
  }
}

const isInit = (file: string): boolean => file.endsWith('__init__.py');
const pythonPaths = (base: string): string[] => (base === '' || base === '.' ? ['__init__.py', '__init__.pyi'] : [`${base}/__init__.py`, `${base}.py`, `${base}/__init__.pyi`, `${base}.pyi`]);
const rustOf = (base: string): string[] => [`${base}.rs`, `${base}/mod.rs`, `${base}/lib.rs`];
const scriptExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts'];

const speaksForFolder = new Set(['index', '__init__', 'mod', 'lib']);

/** The last word of a path by which imports may mean it: that of its folder for the file that speaks for a folder. */
export function stemOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.indexOf('.', 1);
  const stem = dot < 0 ? name : name.slice(0, dot);
  if (!speaksForFolder.has(stem)) return stem;
  const folder = folderOf(file);
  return folder.slice(folder.lastIndexOf('/') + 1);
}
