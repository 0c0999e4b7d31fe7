import { mkdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { isCascadeError, terminal } from '@cascade/messages';
import type { FileSlice } from '../graph/graph-rows.js';
import { writeBulkFiles } from './bulk-files.js';
import type { EngineJob } from './engine-jobs.js';
import { runEngineJob } from './engine-process.js';
import { copyDatabase, type Generation, Generations, walBytes } from './generations.js';
import type { StoredScope } from './graph-store.js';
import { LiveGraph } from './live-graph.js';
import type { EngineName } from './native-engine.js';

/** A process for one job may have more memory, for as long as it lives: what did not fit in the service's must fit there. */
const JOB_POOLS = 4;
/** Bytes on the disk for the log of one change. */
const LEAST_ROOM = 32 * 2 ** 20;

type Scopes = Iterable<StoredScope & { readonly slices: Iterable<FileSlice> }>;

/** The databases of one folder: makes them, opens the one that counts. All that may crash an engine happens in another process. */
export class GraphFolder {
  private readonly generations: Generations;
  readonly readerFolder: string;

  constructor(readonly path: string, private readonly engine: EngineName, private readonly bufferPoolBytes: number, readonly unlock: () => void) {
    this.generations = new Generations(path, engine);
    this.readerFolder = `${path}/reader`;
  }

  /** The graph that is there; else an empty one, and when there was one, why it could not be used. Throws CASC_GRAPH_UNWRITABLE. */
  async open(): Promise<{ readonly live: LiveGraph; readonly begunAnew: string | undefined }> {
    await rm(this.readerFolder, { recursive: true, force: true });
    const found = await this.sound();
    const begunAnew = typeof found === 'string' ? found : undefined;
    const generation = found === undefined || typeof found === 'string' ? await this.build([]) : found;
    const live = await this.switchTo(generation);
    await this.removeOld(generation);
    return { live, begunAnew };
  }

  /** The graph as it is on disk, after a failure. */
  async reopen(): Promise<LiveGraph> {
    const found = await this.sound();
    if (typeof found !== 'object') throw unwritable(this.path, found ?? 'it is gone');
    const live = await this.switchTo(found);
    await this.removeOld(found);
    return live;
  }

  /** A new database with these scopes, of which nobody knows yet. */
  async build(scopes: Scopes): Promise<Generation> {
    return this.made(async (generation) => {
      const folder = path.join(generation.folder, 'bulk');
      await mkdir(folder);
      await writeBulkFiles(folder, scopes);
      const problem = await runEngineJob(this.job('build', generation), folder);
      if (problem !== undefined) throw unwritable(this.path, problem);
      await rm(folder, { recursive: true });
      return generation;
    });
  }

  /** One file of a database and its WAL, beside it; or what is wrong with the database. */
  async recovered(from: Generation): Promise<Generation | string> {
    return this.made(async (generation) => {
      await copyDatabase(from, generation);
      const problem = await runEngineJob(this.job('recover', generation), generation.folder);
      if (problem === undefined) return generation;
      if (isDiskProblem(problem)) throw unwritable(this.path, problem);
      await rm(generation.folder, { recursive: true, force: true });
      return `its database cannot be read: ${problem}`;
    });
  }

  /**
   * Throws CASC_GRAPH_UNWRITABLE where the disk is full, or nearly: an engine that fails to write its log ends the process
   * when the database is closed, and would bring into the log then what it said was not committed.
   */
  async requireRoom(): Promise<void> {
    const { bavail, bsize } = await statfs(this.path);
    if (bavail * bsize < LEAST_ROOM) throw unwritable(this.path, `no space left on the disk (${Math.floor(bavail * bsize / 2 ** 20)} MiB; ${LEAST_ROOM / 2 ** 20} are needed)`);
  }

  async switchTo(generation: Generation): Promise<LiveGraph> {
    await this.generations.switchTo(generation).catch((error: unknown) => Promise.reject(unwritable(this.path, error)));
    return LiveGraph.open(generation, this.engine, this.bufferPoolBytes);
  }

  removeOld(but: Generation): Promise<void> {
    return this.generations.removeAllBut(but);
  }

  /** The generation that counts, once it has been opened in another process; or why there is none. */
  private async sound(): Promise<Generation | string | undefined> {
    const current = await this.generations.current();
    if (typeof current !== 'object') return current;
    if (await walBytes(current) > 0) return this.recovered(current);
    const problem = await runEngineJob(this.job('probe', current), current.folder);
    return problem === undefined ? current : `its database cannot be read: ${problem}`;
  }

  /** What fails leaves nothing behind, so that a full disk is not fuller afterwards. */
  private async made<T>(make: (generation: Generation) => Promise<T>): Promise<T> {
    const generation = await this.generations.begin().catch((error: unknown) => Promise.reject(unwritable(this.path, error)));
    try {
      return await make(generation);
    } catch (error) {
      await rm(generation.folder, { recursive: true, force: true });
      throw isCascadeError(error) ? error : unwritable(this.path, error);
    }
  }

  private job(job: EngineJob['job'], { file }: Generation): EngineJob {
    return { job, engine: this.engine, file, bufferPoolBytes: this.bufferPoolBytes * JOB_POOLS };
  }
}

const isDiskProblem = (message: string): boolean => /no space left|cannot write|quota|file too large|read-only file system/i.test(message);

export function unwritable(folder: string, cause: unknown): ReturnType<typeof terminal> {
  const message = cause instanceof Error ? cause.message : String(cause);
  return terminal('CASC_GRAPH_UNWRITABLE', `The graph in ${folder} cannot be written, or not be read back: ${message}`, {
    advice: 'Nothing of this change was kept, and the graph is as before. Look whether the disk is full, the folder writable, and the buffer pool large enough.', cause,
  });
}
