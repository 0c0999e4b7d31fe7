import path from 'node:path';
import type { ManifestFacts } from '../facts/file-facts.js';
import { folderOf } from '../graph/folder-of.js';

/** tsconfigs that extend one another. */
const EXTENDS_AT_MOST = 8;

/** A path that is asked for in some folder. */
export interface Asked {
  readonly folder: string;
  readonly path: string;
}

/** What the manifests of a scope say about where imports lead. Folders and names, never files: whether these exist is asked elsewhere. */
export class Manifests {
  private readonly all = new Map<string, ManifestFacts>();
  private readonly packages = new Map<string, ManifestFacts>();
  private readonly configs = new Map<string, readonly ManifestFacts[]>();

  constructor(manifests: Iterable<ManifestFacts>) {
    for (const one of [...manifests].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      this.all.set(one.path, one);
      // Of two packages of one name the one whose path comes first.
      const key = `${one.kind} ${crateName(one)}`;
      if (one.name !== '' && !this.packages.has(key)) this.packages.set(key, one);
    }
  }

  /** Where tsconfig's paths and baseUrl, and the packages of the workspace, say that `module` lies: in the order in which to look. */
  script(from: string, module: string): string[] {
    const configured = this.configsOf(folderOf(from)).flatMap((config) => this.byPaths(config, module));
    const based = this.configsOf(folderOf(from)).filter(({ base }) => base !== '').map((config) => path.posix.join(folderOf(config.path), config.base, module));
    return [...configured, ...this.workspace(module), ...based];
  }

  /** The folder of a Go import; undefined for what belongs to no module here. `known`: whether any module is known. */
  goFolder(module: string): { folder: string | undefined; known: boolean } {
    const modules = [...this.all.values()].filter(({ kind, name }) => kind === 'go' && name !== '');
    const [own] = modules.filter(({ name }) => module === name || module.startsWith(`${name}/`)).sort((a, b) => b.name.length - a.name.length);
    return { folder: own === undefined ? undefined : path.posix.join(folderOf(own.path), module.slice(own.name.length + 1)), known: modules.length > 0 };
  }

  /** The file at the root of a crate of this workspace. */
  crateRoot(name: string): string | undefined {
    const found = this.packages.get(`cargo ${name}`);
    return found === undefined ? undefined : path.posix.join(folderOf(found.path), found.targets[0]?.target ?? 'src/lib.rs');
  }

  /** The folder of the crate that a file belongs to; undefined outside of any. */
  crateFolder(from: string): string | undefined {
    for (let at = folderOf(from); ; at = folderOf(at)) {
      if (this.all.get(path.posix.join(at, 'Cargo.toml'))?.name) return at;
      if (at === '.') return undefined;
    }
  }

  /** The nearest tsconfig, and what it extends. */
  private configsOf(folder: string): readonly ManifestFacts[] {
    const known = this.configs.get(folder);
    if (known !== undefined) return known;
    const own = this.all.get(path.posix.join(folder, 'tsconfig.json')) ?? this.all.get(path.posix.join(folder, 'jsconfig.json'));
    const found = own === undefined ? folder === '.' ? [] : this.configsOf(folderOf(folder)) : this.extended(own);
    this.configs.set(folder, found);
    return found;
  }

  private extended(own: ManifestFacts): ManifestFacts[] {
    const chain = [own];
    for (const one of chain) {
      for (const said of one.extends) {
        const at = path.posix.join(folderOf(one.path), said);
        const next = this.all.get(at) ?? this.all.get(`${at}.json`);
        if (next !== undefined && !chain.includes(next) && chain.length < EXTENDS_AT_MOST) chain.push(next);
      }
    }
    return chain;
  }

  private byPaths(config: ManifestFacts, module: string): string[] {
    if (config.kind !== 'tsconfig') return [];
    const root = path.posix.join(folderOf(config.path), config.base);
    return config.targets.flatMap(({ pattern, target }) => substituted(pattern, target, module)).map((target) => path.posix.join(root, target));
  }

  /** `@shop/door/lock` is in the folder whose package.json is called `@shop/door`: where its exports say, or where sources usually lie. */
  private workspace(module: string): string[] {
    const name = module.split('/').slice(0, module.startsWith('@') ? 2 : 1).join('/');
    const found = this.packages.get(`npm ${name}`);
    if (found === undefined) return [];
    const folder = folderOf(found.path);
    const inside = `.${module.slice(name.length)}`;
    const said = found.targets.flatMap(({ pattern, target }) => substituted(pattern, target, inside));
    const usual = inside === '.' ? ['src/index', 'index', 'src/main'] : [inside, path.posix.join('src', inside)];
    // What is built lies where its source does, in another folder.
    const sources = said.flatMap((target) => [target, target.replace(/^(\.\/)?(?:dist|lib|build|out)\//, 'src/').replace(/\.d\.([cm]?)ts$/, '.$1js')]);
    return [...sources, ...usual].map((target) => path.posix.join(folder, target));
  }
}

const crateName = ({ kind, name }: ManifestFacts): string => (kind === 'cargo' ? name.replaceAll('-', '_') : name);

/** The target with what the pattern's `*` stands for; none when the module does not match. */
function substituted(pattern: string, target: string, module: string): string[] {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === module ? [target] : [];
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (module.length < head.length + tail.length || !module.startsWith(head) || !module.endsWith(tail)) return [];
  const middle = module.slice(head.length, module.length - tail.length);
  return [target.replace('*', () => middle)];
}
