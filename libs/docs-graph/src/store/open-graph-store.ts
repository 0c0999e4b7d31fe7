import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { terminal } from '@cascade/messages';
import { EngineGraphStore } from './engine-graph-store.js';
import { lockFolder } from './folder-lock.js';
import { GraphFolder, unwritable } from './graph-folder.js';
import type { GraphStore } from './graph-store.js';
import { enginePlatform, type EngineName, loadEngine } from './native-engine.js';

export interface GraphStoreSettings {
  readonly engine: EngineName;
  /** Made when it is not there. One process at a time has it. */
  readonly folder: string;
  /** What the engine may keep of the database in memory; more only while one of its processes builds a new database. */
  readonly bufferPoolBytes: number;
  /** Changes after which a new database is made of the database and its log; by default what the buffer pool has room for. */
  readonly changesInLog?: number;
}

/** Until a database is made new, the engine keeps for each change of a row's columns a copy of their neighbours, too: about a megabyte for a changed file. */
const POOL_BYTES_FOR_A_CHANGE = 2 * 2 ** 20;

/**
 * Opens the graph in a folder, or begins an empty one. Throws CASC_GRAPH_IN_USE (another process has it),
 * CASC_GRAPH_UNWRITABLE, CASC_GRAPH_ENGINE_MISSING.
 */
export async function openGraphStore({ engine, folder, bufferPoolBytes, changesInLog = bufferPoolBytes / POOL_BYTES_FOR_A_CHANGE }: GraphStoreSettings): Promise<GraphStore> {
  refuseMissing(engine);
  const place = path.resolve(folder);
  await mkdir(place, { recursive: true, mode: 0o700 }).catch((error: unknown) => Promise.reject(unwritable(place, error)));
  const unlock = await lockFolder(place, engine);
  try {
    const graphFolder = new GraphFolder(place, engine, bufferPoolBytes, unlock);
    const { live, begunAnew } = await graphFolder.open();
    return new EngineGraphStore(engine, graphFolder, live, begunAnew, changesInLog);
  } catch (error) {
    unlock();
    throw error;
  }
}

function refuseMissing(engine: EngineName): void {
  try {
    loadEngine(engine);
  } catch (cause) {
    throw terminal('CASC_GRAPH_ENGINE_MISSING', `The graph engine ${engine} cannot be loaded on ${enginePlatform}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      advice: engine === 'kuzu' ? 'Install the packages again (`npm ci`).' : `Install it (npm install --no-save @ladybugdb/core-${enginePlatform}@0.19.1), or choose CASCADE_GRAPH_ENGINE=kuzu.`, cause,
    });
  }
}
