import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { terminal } from '@cascade/messages';
import { EngineDatabase } from './engine-database.js';
import type { EngineName } from './native-engine.js';

const BUFFER_POOL_BYTES = 2 ** 20;
/** The kernel's lock is the process's: it would let the same process in a second time. */
const held = new Set<string>();

/**
 * Keeps a folder for one indexer. The lock is the one that the engine takes on a database that it may write to, here on an
 * empty one: the kernel gives it back when the process ends in any way. (On the graph itself it would be lost whenever the
 * file is copied: a process that closes a file gives up all its locks on it.) Throws CASC_GRAPH_IN_USE.
 */
export async function lockFolder(folder: string, engine: EngineName): Promise<() => void> {
  if (held.has(folder)) throw inUse(folder);
  held.add(folder);
  try {
    const database = await lockDatabase(folder, engine);
    return () => {
      database.close();
      held.delete(folder);
    };
  } catch (error) {
    held.delete(folder);
    throw error;
  }
}

async function lockDatabase(folder: string, engine: EngineName): Promise<EngineDatabase> {
  const place = path.join(folder, 'lock');
  const take = async (): Promise<EngineDatabase> => {
    await mkdir(place, { recursive: true });
    return EngineDatabase.open({ engine, file: path.join(place, 'lock'), bufferPoolBytes: BUFFER_POOL_BYTES });
  };
  try {
    return await take();
  } catch (error) {
    if (/set lock/i.test(String(error))) throw inUse(folder);
    await rm(place, { recursive: true, force: true }); // nobody has it, and it is another engine's
    return take();
  }
}

const inUse = (folder: string): ReturnType<typeof terminal> => terminal('CASC_GRAPH_IN_USE', `Another process has the graph in ${folder} open.`, {
  advice: 'One docs-indexer per folder: stop the other one, or give this one a folder of its own.',
});
