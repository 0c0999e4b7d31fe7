import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineName } from './native-engine.js';
import { schemaVersion } from './schema.js';

/** One whole database on disk. */
export interface Generation {
  readonly folder: string;
  /** The database's file; what was committed since it was made is in `wal` beside it. */
  readonly file: string;
  readonly wal: string;
}

const generationOf = (folder: string): Generation => ({ folder, file: path.join(folder, 'graph'), wal: path.join(folder, 'graph.wal') });

/**
 * Databases in one folder, of which the file CURRENT names the one that counts. A new one is made beside it and takes its
 * place at once, by renaming; what is not named is rubbish of somebody who was killed. CURRENT also says what made it.
 */
export class Generations {
  private readonly pointer: string;

  constructor(private readonly folder: string, private readonly engine: EngineName) {
    this.pointer = path.join(folder, 'CURRENT');
  }

  /** The generation that counts; or why what is there cannot be used; undefined when there is nothing. */
  async current(): Promise<Generation | string | undefined> {
    const text = await readFile(this.pointer, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
    if (text === undefined) return undefined;
    const [name, engine, schema] = text.trimEnd().split(' ');
    if (name === undefined || !/^generation-[0-9a-f]{16}$/.test(name) || engine === undefined) return 'its CURRENT file is damaged';
    if (engine !== this.engine) return `it was written by the engine ${engine}`;
    if (schema !== String(schemaVersion)) return `it has version ${schema} of the schema, and this is version ${schemaVersion}`;
    const generation = generationOf(path.join(this.folder, name));
    return await bytesOf(generation.file) === undefined ? 'its database is gone' : generation;
  }

  /** A folder for a new database, of which nobody knows yet. A name is never used twice: an orphan of a killed process may still write into its own. */
  async begin(): Promise<Generation> {
    const generation = generationOf(path.join(this.folder, `generation-${randomBytes(8).toString('hex')}`));
    await mkdir(generation.folder);
    return generation;
  }

  /** Makes a finished generation the one that counts. */
  async switchTo({ folder }: Generation): Promise<void> {
    for (const name of await readdir(folder)) await sync(path.join(folder, name));
    await sync(folder);
    await writeFile(`${this.pointer}.new`, `${path.basename(folder)} ${this.engine} ${schemaVersion}\n`, { flush: true });
    await rename(`${this.pointer}.new`, this.pointer);
    await sync(this.folder);
  }

  /** Removes every generation but this one. */
  async removeAllBut({ folder }: Generation): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.startsWith('generation-') && name !== path.basename(folder));
    for (const name of names) await rm(path.join(this.folder, name), { recursive: true, force: true });
  }
}

/** Copies a database as it is on disk: what was committed, and perhaps the beginning of what was not. */
export async function copyDatabase(from: Generation, to: Generation): Promise<void> {
  await copyFile(from.file, to.file, constants.COPYFILE_FICLONE);
  await copyWal(from, to);
}

export async function copyWal(from: Generation, to: Generation): Promise<void> {
  await rm(to.wal, { force: true });
  if (await walBytes(from) > 0) await copyFile(from.wal, to.wal);
}

export const walBytes = async ({ wal }: Generation): Promise<number> => await bytesOf(wal) ?? 0;

const bytesOf = (file: string): Promise<number | undefined> => stat(file).then(({ size }) => size, () => undefined);

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
