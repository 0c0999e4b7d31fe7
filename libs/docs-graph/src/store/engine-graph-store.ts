import { isCascadeError } from '@cascade/messages';
import { type FileSlice, type GraphChange, type Scope, scopeId } from '../graph/graph-rows.js';
import { CypherReader } from './cypher-reader.js';
import { cypherBounds } from './cypher-bounds.js';
import type { Generation } from './generations.js';
import { type GraphFolder, unwritable } from './graph-folder.js';
import type { CypherAnswer, GraphStore, StoredFile, StoredScope } from './graph-store.js';
import { deleteScope, writeChange } from './graph-writer.js';
import type { LiveGraph } from './live-graph.js';
import type { EngineName } from './native-engine.js';
import { cypherRefused, refuseAllButQueries } from './readable-cypher.js';

/** The graph in a folder, by an engine that runs in this process (changes) and in others (whatever may crash or hang it). */
export class EngineGraphStore implements GraphStore {
  private readonly reader: CypherReader;
  private last: Promise<unknown> = Promise.resolve();
  /** How often the graph has changed since this process opened it. */
  private version = 0;
  /** Changes since the database was made. */
  private changes = 0;

  constructor(
    readonly engine: EngineName, private readonly folder: GraphFolder, private live: LiveGraph | undefined, readonly begunAnew: string | undefined,
    private readonly changesInLog: number,
  ) {
    this.reader = new CypherReader(folder.readerFolder, engine, (use) => this.inTurn(async () => use({ generation: (await this.graph()).generation, version: this.version })));
  }

  scopes(): Promise<readonly StoredScope[]> {
    return this.inTurn(() => this.twice((live) => live.scopes()));
  }

  files(scope: Scope): Promise<readonly StoredFile[]> {
    return this.inTurn(() => this.twice((live) => live.files(scope)));
  }

  damaged(): Promise<readonly (Scope & { readonly path: string })[]> {
    return this.inTurn(() => this.twice((live) => live.damaged()));
  }

  rebuild(scopes: Iterable<StoredScope & { readonly slices: Iterable<FileSlice> }>): Promise<void> {
    return this.inTurn(async () => {
      await this.replaceLive(await this.folder.build(scopes));
    });
  }

  apply(scope: Scope, commit: string, change: GraphChange): Promise<void> {
    const { repository, branch } = scope;
    return this.write((connection) => writeChange(connection, scopeId(scope), { repository, branch, commit }, change));
  }

  removeScope(scope: Scope): Promise<void> {
    return this.write((connection) => deleteScope(connection, scopeId(scope)));
  }

  async cypher(text: string, parameters: Readonly<Record<string, string | number | boolean>>, bounds: { rows: number; timeoutMs: number }): Promise<CypherAnswer> {
    refuseAllButQueries(text);
    if (Object.keys(parameters).length > cypherBounds.parameters || Buffer.byteLength(JSON.stringify(parameters)) > cypherBounds.parameterBytes) throw cypherRefused('its parameters are too many or too long');
    return this.reader.ask({ text, parameters, rows: Math.min(bounds.rows, cypherBounds.rows), timeoutMs: Math.min(bounds.timeoutMs, cypherBounds.timeoutMs) });
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.inTurn(async () => this.live?.close());
    this.folder.unlock();
  }

  private async write(change: Parameters<LiveGraph['transaction']>[0]): Promise<void> {
    await this.inTurn(async () => {
      await this.folder.requireRoom();
      await this.twice((live) => live.transaction(change));
      this.version += 1;
      this.changes += 1;
    });
    if (this.changes >= this.changesInLog) void this.inTurn(() => this.compact()).catch(() => undefined); // the next write meets the same problem, and says it
  }

  /**
   * Makes one file of the database and its log: of a copy, since a process killed meanwhile would leave one that does not
   * open. Without it the engine fills its buffer pool with what it has not yet written into the file.
   */
  private async compact(): Promise<void> {
    if (this.changes < this.changesInLog) return;
    const copy = await this.folder.recovered((await this.graph()).generation);
    if (typeof copy === 'string') this.changes = 0; // the graph goes on as it is; the next start will say what is wrong with it
    else await this.replaceLive(copy);
  }

  /**
   * Uses the graph; when that fails, once more on the graph opened again as it is on disk: after an error the engine has
   * rolled back and would run what follows without a transaction, and after a failed commit nobody knows what it thinks.
   */
  private async twice<T>(use: (live: LiveGraph) => Promise<T>): Promise<T> {
    try {
      return await use(await this.graph());
    } catch (error) {
      this.giveUp();
      if (isCascadeError(error)) throw error;
    }
    try {
      return await use(await this.graph());
    } catch (error) {
      this.giveUp();
      throw isCascadeError(error) ? error : unwritable(this.folder.path, error);
    }
  }

  private giveUp(): void {
    this.live?.close();
    this.live = undefined;
    this.version += 1;
    this.changes = 0; // opening it makes a new database
  }

  /** The live graph; after a failure opened again from what is on disk. */
  private async graph(): Promise<LiveGraph> {
    return this.live ??= await this.folder.reopen();
  }

  private async replaceLive(by: Generation): Promise<void> {
    const old = this.live;
    this.live = undefined; // when the switch fails, what counts on disk may be either
    this.live = await this.folder.switchTo(by).finally(() => old?.close());
    this.version += 1;
    this.changes = 0;
    await this.folder.removeOld(by);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}
