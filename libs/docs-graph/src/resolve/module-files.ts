import path from 'node:path';
import type { ImportFacts, SourceFacts } from '../facts/file-facts.js';

/** The files of a repository, asked for by what an import says. */
export class ModuleFiles {
  private readonly known = new Set<string>();
  private readonly folders = new Map<string, string[]>();

  constructor(paths: Iterable<string>) {
    for (const one of paths) {
      this.known.add(one);
      const folder = path.posix.dirname(one);
      const beside = this.folders.get(folder);
      if (beside === undefined) this.folders.set(folder, [one]);
      else beside.push(one);
    }
  }

  inFolder(folder: string): readonly string[] {
    return this.folders.get(folder) ?? [];
  }

  /**
   * The files that an import may mean: one, or all of a package's folder in Go. None for what is not in the repository.
   * Only what the text says counts: neither tsconfig paths nor a Go module's name nor PYTHONPATH are known here.
   */
  of(file: SourceFacts, { module, name }: Pick<ImportFacts, 'module' | 'name'>): readonly string[] {
    const folder = path.posix.dirname(file.path);
    switch (file.language) {
      case 'typescript': case 'tsx': case 'javascript': return module.startsWith('.') ? this.first(scriptPaths(path.posix.join(folder, module))) : [];
      case 'python': return this.python(folder, module, name);
      case 'go': return this.goFolder(module);
      case 'java': return this.ending([`${module.replaceAll('.', '/')}/${name}.java`, `${module.replaceAll('.', '/')}.java`], folder);
      case 'rust': return this.rust(file.path, module, name);
    }
  }

  private first(candidates: readonly string[]): string[] {
    const found = candidates.find((one) => this.known.has(one));
    return found === undefined ? [] : [found];
  }

  /** Files that end so, whatever source folder they lie in; several would be a guess, so only one counts. */
  private ending(ends: readonly string[], near: string): string[] {
    const roots = ancestors(near);
    return this.first(ends.flatMap((end) => roots.map((root) => path.posix.join(root, end))));
  }

  private python(folder: string, module: string, name: string): string[] {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const rest = module.slice(dots).replaceAll('.', '/');
    const ends = (base: string): string[] => [path.posix.join(base, name, '__init__.py'), `${path.posix.join(base, name)}.py`].filter(() => name !== '*').concat(`${base}.py`, path.posix.join(base, '__init__.py'));
    if (dots === 0) return this.ending(ends(rest), folder);
    return this.first(ends(path.posix.join(folder, '../'.repeat(dots - 1), rest)));
  }

  /** The longest end of the import path that is a folder here: what stands before is the module's own name. */
  private goFolder(module: string): readonly string[] {
    const parts = module.split('/');
    for (let from = 0; from < parts.length; from += 1) {
      const found = this.inFolder(parts.slice(from).join('/')).filter((one) => one.endsWith('.go') && !one.endsWith('_test.go'));
      if (found.length > 0) return found;
    }
    return [];
  }

  private rust(from: string, module: string, name: string): string[] {
    const parts = [...module.split('::'), name].filter((part) => part !== '' && part !== '*');
    const own = /(?:^|\/)(?:mod|lib|main)\.rs$/.test(from) ? path.posix.dirname(from) : from.replace(/\.rs$/, '');
    let base = own;
    if (parts[0] === 'crate') base = from.includes('src/') ? from.slice(0, from.lastIndexOf('src/') + 3) : '.';
    for (; parts[0] === 'super'; parts.shift()) base = path.posix.dirname(base);
    const rest = parts.filter((part) => part !== 'crate' && part !== 'self');
    // The longest path that is a file: what follows are names inside of it.
    return this.first(rest.map((_, cut) => rest.slice(0, rest.length - cut)).flatMap((some) => [`${path.posix.join(base, ...some)}.rs`, path.posix.join(base, ...some, 'mod.rs')]));
  }
}

const scriptExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts'];

/** TypeScript writes `./a.js` for a.ts, bundlers and CommonJS leave the extension or the index file out. */
function scriptPaths(target: string): string[] {
  const bare = target.replace(/\.([cm]?)js(x?)$/, '');
  return [...new Set([target, ...[bare, target].flatMap((one) => scriptExtensions.map((extension) => one + extension)), ...scriptExtensions.map((extension) => `${target}/index${extension}`)])];
}

/** A folder and those above it, and their usual source folders: where a dotted name may begin. */
function ancestors(folder: string): string[] {
  const found = [folder];
  for (let at = folder; at !== '.' && at !== '/'; at = path.posix.dirname(at)) found.push(path.posix.dirname(at));
  return found.flatMap((one) => [one, path.posix.join(one, 'src')]);
}
