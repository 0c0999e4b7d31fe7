import type { FileFacts } from '../facts/file-facts.js';
import { shortened } from '../facts/short-text.js';
import type { IndexedFile } from '../indexing/indexed-file.js';
import { folderOf } from './folder-of.js';
import { packageId, type Scope, scopeId } from './graph-ids.js';
import type { FileSlice, PackageNode, RepositoryNode } from './graph-rows.js';

const DESCRIPTION_CHARACTERS = 500;

/** What one file says about its folder. */
interface Saying {
  readonly name: string;
  readonly description: string;
  /** Manifests speak first, then the README, then doc comments. */
  readonly rank: number;
}

interface Folder {
  files: number;
  /** By path. */
  readonly sayings: Map<string, Saying>;
}

/** The packages of a scope: folders that hold files, and what some of these say about them. */
export class Packages {
  private readonly folders = new Map<string, Folder>();
  /** The slice as it was made last, what its folders said then, and which of them were touched since. */
  private made: FileSlice | undefined;
  private readonly said = new Map<string, string>();
  private readonly touched = new Set<string>();
  private readonly scope: string;

  constructor(private readonly of: Scope) {
    this.scope = scopeId(of);
  }

  add({ path, facts }: IndexedFile): void {
    const folder = this.folders.get(folderOf(path)) ?? { files: 0, sayings: new Map() };
    this.folders.set(folderOf(path), folder);
    this.touched.add(folderOf(path));
    folder.files += 1;
    const saying = sayingOf(path, facts);
    if (saying !== undefined) folder.sayings.set(path, saying);
  }

  remove(path: string): void {
    const folder = this.folders.get(folderOf(path));
    if (folder === undefined) return;
    this.touched.add(folderOf(path));
    folder.files -= 1;
    folder.sayings.delete(path);
    if (folder.files === 0) this.folders.delete(folderOf(path));
  }

  /** The name of the nearest manifest, followed by the path from there; the path alone where there is none. */
  name(folder: string): string {
    for (let at = folder; ; at = folderOf(at)) {
      const name = this.best(at, ({ name: said }) => said);
      if (name !== '') return at === folder ? name : `${name}/${at === '.' ? folder : folder.slice(at.length + 1)}`;
      if (at === '.') return folder === '.' ? this.of.repository : folder;
    }
  }

  /** The slice with the empty path; the same object as long as it is the same. */
  slice(): FileSlice {
    const changed = [...this.touched].filter((folder) => this.said.get(folder) !== this.sayingsOf(folder));
    for (const folder of changed) this.said.set(folder, this.sayingsOf(folder));
    this.touched.clear();
    if (this.made === undefined || changed.length > 0) this.made = this.make();
    return this.made;
  }

  private sayingsOf(folder: string): string {
    const known = this.folders.get(folder);
    return known === undefined ? '' : JSON.stringify([...known.sayings].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private make(): FileSlice {
    const packages = [...this.folders.keys()].sort().map((folder) => this.row(folder));
    return {
      path: '', blob: '', nodes: [this.repository(), ...packages],
      edges: packages.map(({ id }) => ({ table: 'CONTAINS', fromTable: 'Repository', from: this.scope, toTable: 'Package', to: id, dependency_type: '', line: 0 })),
    };
  }

  private repository(): RepositoryNode {
    return { table: 'Repository', id: this.scope, scope: this.scope, name: this.of.repository, branch: this.of.branch, description: this.best('.', ({ description }) => description) };
  }

  private row(folder: string): PackageNode {
    return {
      table: 'Package', id: packageId(this.scope, folder), scope: this.scope, name: this.name(folder), path: folder, repository: this.of.repository,
      description: this.best(folder, ({ description }) => description),
    };
  }

  /** What the first file says that says something; of equal rank the one whose path comes first. */
  private best(folder: string, part: (saying: Saying) => string): string {
    const sayings = [...this.folders.get(folder)?.sayings ?? []].filter(([, saying]) => part(saying) !== '');
    const [first] = sayings.sort(([pathA, a], [pathB, b]) => a.rank - b.rank || (pathA < pathB ? -1 : 1));
    return first === undefined ? '' : part(first[1]);
  }
}

const speaksForFolder = /(?:^|\/)(?:__init__\.pyi?|mod\.rs|lib\.rs|main\.rs|package-info\.java|[^/]+\.go)$/;

function sayingOf(path: string, facts: FileFacts): Saying | undefined {
  if (facts.status === 'manifest') return facts.kind === 'tsconfig' ? undefined : { name: facts.name, description: facts.description, rank: 0 };
  if (facts.status === 'document' && /(?:^|\/)readme(?:\.[^/]*)?$/i.test(path)) return { name: '', description: paragraph(facts.pages.map(({ text }) => text).join('\n\n')), rank: 1 };
  if (facts.status === 'source' && facts.doc !== '' && speaksForFolder.test(path)) return { name: '', description: paragraph(facts.doc), rank: path.endsWith('doc.go') ? 2 : 3 };
  return undefined;
}

/** The first paragraph with words, as one line: not a row of badges, a picture, a table, a list or code. */
function paragraph(text: string): string {
  const found = text.slice(0, 20_000).split(/\n[ \t]*\n/).map((one) => one.trim()).find((one) => !/^(?:[<|>#`*+-]|!?\[[^\]]*\](?:\(|\[|:)|\d+\.)/.test(one) && /\p{L}{2,}/u.test(one));
  const plain = (found ?? '').replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\s+/g, ' ');
  return shortened(plain, DESCRIPTION_CHARACTERS).text;
}
