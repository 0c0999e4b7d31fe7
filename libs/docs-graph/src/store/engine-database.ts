import { type EngineName, loadEngine, type NativeConnection, type NativeDatabase, type NativeEngine, type NativeStatement } from './native-engine.js';

/** Parameters of a statement: whole numbers, texts and truth values, or a list of structs of them (always cast by its statement). */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly Readonly<Record<string, string | number | boolean>>[]>>;

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** There were more than `most`. */
  readonly more: boolean;
}

export interface DatabaseSettings {
  readonly engine: EngineName;
  readonly file: string;
  readonly bufferPoolBytes: number;
  readonly readOnly?: boolean;
}

/** Reserved, not used: the default of 8 TiB per database is more than a process has for ten of them. */
const ADDRESS_SPACE_BYTES = 2 ** 34;

/**
 * One database file. It is checkpointed when it is told to, never by itself: a process that is killed in a checkpoint leaves
 * a file that does not open.
 */
export class EngineDatabase {
  private constructor(private readonly native: NativeEngine, private readonly database: NativeDatabase) {}

  /** Throws the engine's error when the file cannot be opened; a damaged one may end the process. */
  static async open({ engine, file, bufferPoolBytes, readOnly = false }: DatabaseSettings): Promise<EngineDatabase> {
    const native = loadEngine(engine);
    const [compression, autoCheckpoint, checkpointThreshold] = [true, false, -1];
    const settings = [file, bufferPoolBytes, compression, readOnly, ADDRESS_SPACE_BYTES, autoCheckpoint, checkpointThreshold];
    const [throwOnReplayFailure, checksums, primaryKeyIndex] = [true, true, true];
    const database = new native.NodeDatabase(...settings, ...(engine === 'kuzu' ? [] : [throwOnReplayFailure, checksums, primaryKeyIndex]));
    await settled((done) => database.initAsync(done));
    const opened = new EngineDatabase(native, database);
    if (!readOnly) await opened.leaveUncheckpointed();
    return opened;
  }

  async connect(): Promise<EngineConnection> {
    const connection = new this.native.NodeConnection(this.database);
    await settled((done) => connection.initAsync(done));
    return new EngineConnection(this.native, connection, this.database);
  }

  /** Its connections are closed before. */
  close(): void {
    this.database.close();
  }

  private async leaveUncheckpointed(): Promise<void> {
    const connection = await this.connect();
    await connection.run('CALL force_checkpoint_on_close=false');
    connection.close();
  }
}

export class EngineConnection {
  private readonly statements = new Map<string, Promise<NativeStatement>>();

  /** The database is only kept: one that nobody in JavaScript refers to is closed by the garbage collector. */
  constructor(private readonly native: NativeEngine, private readonly connection: NativeConnection, readonly database: NativeDatabase) {}

  /** A statement of ours without parameters, or several of them. */
  async run(text: string): Promise<void> {
    const result = new this.native.NodeQueryResult();
    try {
      await settled((done) => this.connection.queryAsync(text, result, done));
    } finally {
      result.close();
    }
  }

  /** One statement of ours; it is prepared once. */
  async query(text: string, parameters: Parameters = {}): Promise<Rows> {
    return this.execute(await this.prepared(text), parameters, Infinity);
  }

  /** One statement of somebody else (several are refused), and at most `most` of its rows. */
  async queryOnce(text: string, parameters: Parameters, most: number): Promise<Rows> {
    return this.execute(await this.prepare(text), parameters, most);
  }

  private async execute(statement: NativeStatement, parameters: Parameters, most: number): Promise<Rows> {
    const result = new this.native.NodeQueryResult();
    try {
      await settled((done) => this.connection.executeAsync(statement, result, Object.entries(parameters), done));
      const rows: Record<string, unknown>[] = [];
      while (rows.length < most && result.hasNext()) rows.push(result.getNextSync()); // row by row through promises takes thirty times as long
      return { columns: result.getColumnNamesSync(), rows, more: result.hasNext() };
    } finally {
      result.close();
    }
  }

  limitTime(milliseconds: number): void {
    this.connection.setQueryTimeout(milliseconds);
  }

  close(): void {
    this.connection.close();
  }

  private prepared(text: string): Promise<NativeStatement> {
    let statement = this.statements.get(text);
    if (statement === undefined) this.statements.set(text, statement = this.prepare(text));
    return statement;
  }

  private async prepare(text: string): Promise<NativeStatement> {
    const statement = new this.native.NodePreparedStatement(this.connection, text);
    await settled((done) => statement.initAsync(done));
    if (!statement.isSuccess()) throw new EngineError(statement.getErrorMessage());
    return statement;
  }
}

/** What an engine says; whoever asked makes an error of ours of it. */
export class EngineError extends Error {}

function settled(start: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(new EngineError(error.message)) : resolve())));
}
