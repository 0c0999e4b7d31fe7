import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isCascadeError, terminal } from '@cascade/contracts';
import { CachedRepository } from './cached-repository.js';
import { ObjectProcesses } from './object-processes.js';
import { GitRunner } from './git-runner.js';
import { KeyedMutex } from './mutex.js';
import { Trash } from './trash.js';
import { readFiles } from './tree-reader.js';
import type { WorkspaceDriver, WorkspacePlace } from './workspace-driver.js';

/** What an adapter is made from. */
export interface DriverParts {
  readonly runner: GitRunner;
  readonly trash: Trash;
  readonly mutex: KeyedMutex;
}

/** Files of the commit that each check starts from. */
export const startFiles: Readonly<Record<string, string>> = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n', 'src/c.txt': 'c\n' };

const START = 'refs/conformance/start';

/** A commit as `git fast-import` reads it. */
function importOf(files: Readonly<Record<string, string>>): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  return `commit ${START}\ncommitter Cascade <cascade@localhost> 1767603600 +0000\n${data('start')}${changes.join('')}\n`;
}

/** A cache with one commit, an open workspace, and what a check asks of them; in a folder of its own. */
export class ConformanceBench {
  private constructor(private readonly root: string, private readonly trash: Trash, readonly driver: WorkspaceDriver, readonly place: WorkspacePlace, readonly base: string) {}

  static async start(make: (parts: DriverParts) => WorkspaceDriver): Promise<ConformanceBench> {
    const root = await mkdtemp(join(tmpdir(), 'cascade-driver-'));
    const parts = { runner: new GitRunner(join(root, 'home')), trash: new Trash(join(root, 'trash')), mutex: new KeyedMutex() };
    const cache = join(root, 'cache.git');
    await parts.runner.run({ args: ['init', '--quiet', '--bare', '--template=', '--', cache] });
    await writeFile(join(root, 'gitconfig'), `[safe]\n\tdirectory = ${JSON.stringify(cache)}\n`);
    const repository = new CachedRepository(parts.runner, new ObjectProcesses(), 'conformance', cache, join(root, 'gitconfig'));
    await repository.git(['fast-import', '--quiet'], { input: importOf(startFiles) });
    const sha = await repository.readRef(START) ?? '';
    const bench = new ConformanceBench(root, parts.trash, make(parts), { repository, workspaceId: 'ws-conformance', path: join(root, 'workspaces', 'ws-conformance') }, sha);
    await bench.driver.open(bench.place, sha, 'conformance').catch(async (error: unknown) => {
      await bench.stop();
      throw error;
    });
    return bench;
  }

  async stop(): Promise<void> {
    await this.driver.close(this.place);
    await this.trash.settled();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Writes files of the workspace; `undefined` deletes. */
  async write(files: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.place.path, path);
      await mkdir(dirname(file), { recursive: true });
      await (text === undefined ? rm(file) : writeFile(file, text));
    }
  }

  /** Edits, assigns and commits: what most checks begin with. */
  async commit(branch: string, files: Readonly<Record<string, string | undefined>>, message = `change ${branch}\n`): Promise<string> {
    await this.write(files);
    await this.driver.assign(this.place, Object.keys(files), branch);
    return await this.driver.commit(this.place, branch, message);
  }

  async read(path: string): Promise<string | undefined> {
    return await readFile(join(this.place.path, path), 'utf8').catch(() => undefined);
  }

  /** What a branch has otherwise than the start, brought into the cache; null: deleted. */
  async changesOf(branch: string): Promise<Record<string, string | null>> {
    const tip = await this.tipOf(branch);
    const { repository } = this.place;
    const { entries } = await readFiles(repository, tip, [], 1);
    const { files } = await readFiles(repository, tip, entries.map(({ path }) => path), 1_000_000);
    const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]));
    const gone = Object.keys(startFiles).filter((path) => texts[path] === undefined).map((path) => [path, null] as const);
    return Object.fromEntries([...Object.entries(texts).filter(([path, text]) => startFiles[path] !== text), ...gone]);
  }

  async tipOf(branch: string): Promise<string> {
    return await this.driver.push(this.place, branch, `refs/conformance/${branch}`);
  }

  /** Subjects of a branch after the start, newest first. */
  async subjects(branch: string): Promise<string[]> {
    const { text } = await this.place.repository.git(['log', '--format=%s', await this.tipOf(branch), `^${this.base}`]);
    return text.split('\n').filter((line) => line !== '');
  }
}

/** Throws `CASC_DRIVER_NOT_CONFORMING` when two values differ. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw terminal('CASC_DRIVER_NOT_CONFORMING', `${what}: ${JSON.stringify(actual)?.slice(0, 500)} instead of ${JSON.stringify(expected)?.slice(0, 500)}`);
}

/** Throws `CASC_DRIVER_NOT_CONFORMING` unless `call` fails with this code. */
export async function refuses(call: Promise<unknown>, code: string, what: string): Promise<void> {
  const failure: unknown = await call.then(() => undefined, (error: unknown) => error);
  same(isCascadeError(failure) ? failure.code : String(failure), code, what);
}
