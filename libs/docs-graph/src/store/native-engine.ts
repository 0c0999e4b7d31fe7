import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Kuzu, which is no longer developed, and the fork of it that is. */
export type EngineName = 'kuzu' | 'ladybug';

type Done = (error: Error | null | undefined) => void;

export interface NativeDatabase {
  initAsync(done: Done): void;
  close(): void;
}

export interface NativeConnection {
  initAsync(done: Done): void;
  queryAsync(text: string, result: NativeResult, done: Done): void;
  executeAsync(statement: NativeStatement, result: NativeResult, parameters: readonly (readonly [string, unknown])[], done: Done): void;
  setQueryTimeout(milliseconds: number): void;
  close(): void;
}

export interface NativeStatement {
  initAsync(done: Done): void;
  isSuccess(): boolean;
  getErrorMessage(): string;
}

interface NativeResult {
  hasNext(): boolean;
  getNextSync(): Record<string, unknown>;
  getColumnNamesSync(): string[];
  close(): void;
}

/** The classes of the addon, the same in both engines; their packages' own JavaScript only wraps them. */
export interface NativeEngine {
  readonly NodeDatabase: new (...settings: readonly (string | number | boolean)[]) => NativeDatabase;
  readonly NodeConnection: new (database: NativeDatabase) => NativeConnection;
  readonly NodePreparedStatement: new (connection: NativeConnection, text: string) => NativeStatement;
  readonly NodeQueryResult: new () => NativeResult;
}

const require = createRequire(import.meta.url);

export const enginePlatform = `${process.platform}-${process.arch}`;

/**
 * Loads the addon from where its package has it; throws Node's error when it is not there. The packages' install scripts
 * would only copy it: without them nothing has to be written into node_modules.
 */
export function loadEngine(name: EngineName): NativeEngine {
  return require(name === 'kuzu' ? kuzuAddon() : `@ladybugdb/core-${enginePlatform}/lbugjs.node`) as NativeEngine;
}

/** Kuzu's package exports nothing but its wrapper, so its folder is looked for where Node would look. */
function kuzuAddon(): string {
  const addons = (require.resolve.paths('kuzu') ?? []).map((folder) => path.join(folder, 'kuzu/prebuilt', `kuzujs-${enginePlatform}.node`));
  return addons.find((addon) => existsSync(addon)) ?? 'kuzu';
}
