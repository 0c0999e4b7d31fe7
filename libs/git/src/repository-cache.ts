import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { terminal } from '@cascade/contracts';
import { z } from 'zod';
import { CachedRepository } from './cached-repository.js';
import type { Transport } from './git-environment.js';
import { TRANSFER_TIMEOUT_MS, type GitRunner } from './git-runner.js';
import { checkedOutBranch, type LocalRepository } from './local-repository.js';
import { KeyedMutex } from './mutex.js';
import { ObjectProcesses } from './object-processes.js';
import { tipOf } from './repository-look.js';
import { parseSource, repositoryIdOf, type RepositorySource } from './repository-source.js';
import type { RemoteAccess } from './remote-access.js';

/** Bound of the branches that a repository may have: what ls-remote prints is read as a whole. */
const MAX_LS_REMOTE_BYTES = 8 * 1024 * 1024;
/** Repositories of which the last fetch is remembered. */
const MAX_REMEMBERED = 100;
const record = z.object({ id: z.string(), source: z.string() });

export interface OpenedRepository {
  readonly repository: CachedRepository;
  readonly source: RepositorySource;
  /** Commit by branch name, sorted by name. */
  readonly heads: ReadonlyMap<string, string>;
  readonly defaultBranch: string | undefined;
}

interface Remote {
  readonly heads: ReadonlyMap<string, string>;
  readonly defaultBranch: string | undefined;
  readonly objectFormat: string;
}

export const addressOf = (source: RepositorySource): string => source.kind === 'local' ? source.local.commonDir : source.url;
export const transportOf = (source: RepositorySource): Transport => source.kind === 'local' ? 'file' : source.transport;

type Heads = readonly (readonly [name: string, commit: string])[];

const sorted = (heads: Heads): ReadonlyMap<string, string> => new Map(heads.toSorted(([a], [b]) => a < b ? -1 : 1));
const formatOf = (heads: Heads): string => heads[0]?.[1].length === 64 ? 'sha256' : 'sha1';

/**
 * One bare repository per source, below `root`. A cache is created beside its place and renamed, so that a killed
 * process leaves a complete cache or none. Only objects and branches come in, never configuration or hooks.
 */
export class RepositoryCache {
  readonly mutex = new KeyedMutex();
  readonly processes = new ObjectProcesses();
  /** Branches as they were at this process's last fetch, by repository: what did not move is not fetched again. */
  private readonly fetched = new Map<string, string>();

  constructor(private readonly runner: GitRunner, private readonly root: string, private readonly access: RemoteAccess) {}

  private get(id: string): CachedRepository {
    return new CachedRepository(this.runner, this.processes, id, join(this.root, `${id}.git`), join(this.root, `${id}.gitconfig`));
  }

  /** Fetches a repository. Throws what `parseSource` throws, and what git-failures.ts names. */
  async open(text: string, signal?: AbortSignal): Promise<OpenedRepository> {
    return await this.look(await parseSource(text), signal, async (repository, source, { heads: found }, isNew) => {
      const heads = JSON.stringify([...found]);
      if (found.size > 0 && (isNew || this.fetched.get(repository.id) !== heads)) {
        await this.fetch(repository, source, signal);
        this.remember(repository.id, heads);
      }
      return repository;
    });
  }

  /**
   * Opens a repository to read one branch (the checked-out or default one unless given): one on this machine is read where
   * it is, of which `heads` may have this branch alone; others are fetched. Throws as `open` does.
   */
  async openToRead(text: string, branch?: string, signal?: AbortSignal): Promise<OpenedRepository> {
    const source = await parseSource(text);
    const borrowing = this.withObjectsOf(this.get(repositoryIdOf(source)), source);
    if (borrowing === undefined) return await this.open(text, signal);
    const local = source.kind === 'local' ? await lookAtBranch(source.local, branch) : undefined;
    return await this.look(source, signal, async () => borrowing, local);
  }

  /** A repository that was opened before, to read it only. Throws `CASC_REPOSITORY_NOT_OPEN`. */
  async existingToRead(id: string): Promise<CachedRepository> {
    const repository = await this.existing(id);
    const source = await this.sourceOf(id).catch(() => undefined); // it is gone; what was fetched of it can still be read
    return (source === undefined ? undefined : this.withObjectsOf(repository, source)) ?? repository;
  }

  private withObjectsOf(repository: CachedRepository, source: RepositorySource): CachedRepository | undefined {
    return source.kind === 'local' ? repository.borrowing(join(source.local.commonDir, 'objects')) : undefined;
  }

  private async look(source: RepositorySource, signal: AbortSignal | undefined, make: (repository: CachedRepository, source: RepositorySource, remote: Remote, isNew: boolean) => Promise<CachedRepository>, known?: Remote): Promise<OpenedRepository> {
    await this.runner.version();
    const repository = this.get(repositoryIdOf(source));
    return await this.mutex.run(repository.id, async () => {
      await this.describe(repository, source);
      const remote = known ?? await this.listRemote(repository, source, signal);
      const isNew = await this.create(repository, remote.objectFormat, signal);
      return { repository: await make(repository, source, remote, isNew), source, heads: remote.heads, defaultBranch: remote.defaultBranch };
    });
  }

  /** A repository that was opened before. Throws `CASC_REPOSITORY_NOT_OPEN`. */
  async existing(id: string): Promise<CachedRepository> {
    const repository = this.get(id);
    if (!/^[a-z0-9][a-z0-9-]{0,80}$/.test(id) || await stat(repository.path).catch(() => undefined) === undefined) {
      throw terminal('CASC_REPOSITORY_NOT_OPEN', `Repository ${id.slice(0, 81)} is not in the cache.`, { advice: 'Open it first; the cache may have been deleted (CASCADE_CACHE).' });
    }
    return repository;
  }

  /** Where an opened repository came from. Throws as `existing` and `parseSource` do. */
  async sourceOf(id: string): Promise<RepositorySource> {
    return await parseSource(await this.addressTextOf(id));
  }

  /** Fetches an opened repository again. Throws as `existing` and `open` do. */
  async refresh(id: string, signal?: AbortSignal): Promise<OpenedRepository> {
    return await this.open(await this.addressTextOf(id), signal);
  }

  private async addressTextOf(id: string): Promise<string> {
    await this.existing(id);
    const text = await readFile(join(this.root, `${id}.json`), 'utf8').catch(() => undefined);
    if (text === undefined) throw terminal('CASC_REPOSITORY_NOT_OPEN', `The cache does not know where repository ${id} came from.`);
    return record.parse(JSON.parse(text)).source;
  }

  /** Every repository in the cache, sorted by id. */
  async all(): Promise<CachedRepository[]> {
    const names = await readdir(this.root).catch(() => []);
    return names.filter((name) => /^[a-z0-9][a-z0-9-]*\.git$/.test(name)).toSorted().map((name) => this.get(name.slice(0, -4)));
  }

  private async describe(repository: CachedRepository, source: RepositorySource): Promise<void> {
    await mkdir(this.root, { recursive: true });
    const place = source.kind === 'local' ? source.local.workTree ?? source.local.commonDir : source.url;
    await this.writeWhole(join(this.root, `${repository.id}.json`), JSON.stringify({ id: repository.id, source: place }));
    const trusted = source.kind === 'local' ? [source.local.commonDir, source.local.gitDir, source.local.workTree ?? source.local.commonDir] : [];
    // The user named this repository, hence it may belong to another account (a mounted folder in a container).
    await this.writeWhole(repository.globalConfig, `[safe]\n${[...new Set([...trusted, repository.path])].map((path) => `\tdirectory = ${JSON.stringify(path)}\n`).join('')}`);
  }

  private async writeWhole(path: string, text: string): Promise<void> {
    const temporary = `${path}.${randomUUID()}`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  }

  private async listRemote(repository: CachedRepository, source: RepositorySource, signal?: AbortSignal): Promise<Remote> {
    const local = source.kind === 'local' ? await this.listLocal(repository, source.local, signal) : undefined;
    if (local !== undefined) return local;
    const answer = await this.runner.run({
      args: ['ls-remote', '--symref', '--quiet', '--', addressOf(source), 'HEAD', 'refs/heads/*'],
      transport: transportOf(source), globalConfig: repository.globalConfig, signal, maxOutputBytes: MAX_LS_REMOTE_BYTES, ...await this.access(source),
    });
    const lines = answer.text.split('\n').map((line) => line.split('\t'));
    const heads = lines.flatMap(([sha = '', name = '']) => name.startsWith('refs/heads/') && !sha.startsWith('ref: ') ? [[name.slice('refs/heads/'.length), sha] as const] : []);
    const symbolic = lines.find(([target = '', name]) => name === 'HEAD' && target.startsWith('ref: refs/heads/'))?.[0]?.slice('ref: refs/heads/'.length);
    return {
      heads: sorted(heads),
      defaultBranch: (source.kind === 'local' ? await checkedOutBranch(source.local) : undefined) ?? symbolic,
      objectFormat: formatOf(heads),
    };
  }

  /** One process instead of the three of a transport; nothing where git alone can tell which branch is checked out. */
  private async listLocal(repository: CachedRepository, local: LocalRepository, signal?: AbortSignal): Promise<Remote | undefined> {
    const defaultBranch = await checkedOutBranch(local);
    if (defaultBranch === undefined) return undefined;
    const { text } = await this.runner.run({
      args: ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads'],
      gitDir: local.commonDir, globalConfig: repository.globalConfig, signal, maxOutputBytes: MAX_LS_REMOTE_BYTES,
    });
    const heads = text.split('\n').filter((line) => line !== '').map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const);
    return { heads: sorted(heads), defaultBranch, objectFormat: formatOf(heads) };
  }

  private remember(id: string, heads: string): void {
    if (this.fetched.size >= MAX_REMEMBERED) this.fetched.clear();
    this.fetched.set(id, heads);
  }

  /** Gives whether there was none. */
  private async create(repository: CachedRepository, objectFormat: string, signal?: AbortSignal): Promise<boolean> {
    if (await stat(repository.path).catch(() => undefined) !== undefined) return false;
    const temporary = join(this.root, `.new-${randomUUID()}`);
    await this.runner.run({ args: ['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, '--initial-branch=cascade-unused', '--', temporary], signal });
    await rename(temporary, repository.path).catch(async (error: unknown) => {
      await rm(temporary, { recursive: true, force: true });
      if (await stat(repository.path).catch(() => undefined) === undefined) throw error; // else another process was first
    });
    return true;
  }

  private async fetch(repository: CachedRepository, source: RepositorySource, signal?: AbortSignal): Promise<void> {
    await repository.git(
      ['fetch', '--quiet', '--prune', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', '--update-shallow', '--', addressOf(source), '+refs/heads/*:refs/source/heads/*'],
      { transport: transportOf(source), timeoutMs: TRANSFER_TIMEOUT_MS, signal, ...await this.access(source) },
    );
  }
}

/** A branch as the repository's own files tell it, without a process; nothing where git has to be asked. */
async function lookAtBranch(local: LocalRepository, wanted: string | undefined): Promise<Remote | undefined> {
  const defaultBranch = await checkedOutBranch(local);
  const name = wanted ?? defaultBranch;
  const tip = name === undefined ? undefined : await tipOf(local.commonDir, name);
  if (name === undefined || tip === undefined) return undefined;
  const heads = [[name, tip]] as const;
  return { heads: sorted(heads), defaultBranch, objectFormat: formatOf(heads) };
}
