import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { retryable, terminal } from '@cascade/messages';
import type { PayloadStore } from './payload-store.js';

/** Bound of one content in bytes. */
export const MAX_STORED_BYTES = 64 * 1024 * 1024;
/** Bound of a store in bytes unless it is given another. */
export const MAX_STORE_BYTES = 20 * 1024 * 1024 * 1024;
/** Contents that nobody put again are kept for so long: what refers to them (events, journals) is gone after 30 days. */
export const STORE_RETENTION_MS = 31 * 24 * 3_600_000;
/** Pause between two sweeps at most. */
const SWEEP_EVERY_MS = 3_600_000;

export interface FileStoreOptions {
  /** Made when it is not there. Several processes may share it. */
  readonly folder: string;
  readonly maxBytes?: number;
  readonly retentionMs?: number;
}

const name = /^[0-9a-f]{64}$/;

/**
 * A `PayloadStore` in a folder. A file appears under its name only when it is whole and on the disk, so a reader sees all
 * of it or nothing; a crash leaves at most a temporary file, which a later sweep removes. Files older than the retention
 * time are removed while others are put, about once an hour.
 */
export class FileStore implements PayloadStore {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #retentionMs: number;
  #bytes = 0;
  #nextSweep = 0;

  constructor(options: FileStoreOptions) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes ?? MAX_STORE_BYTES;
    this.#retentionMs = options.retentionMs ?? STORE_RETENTION_MS;
  }

  /** Throws `CASC_STORE_CONTENT_TOO_LARGE` (terminal) and `CASC_STORE_FULL` (retryable). */
  async put(content: string | Uint8Array): Promise<string> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (bytes.length > MAX_STORED_BYTES) throw terminal('CASC_STORE_CONTENT_TOO_LARGE', `A content has ${bytes.length} bytes; the limit is ${MAX_STORED_BYTES}.`);
    const sha256 = digest(bytes);
    const file = this.#file(sha256);
    if (await keepLonger(file, bytes.length)) return sha256;
    await this.#makeRoom(bytes.length);
    await writeWhole(file, bytes);
    this.#bytes += bytes.length;
    return sha256;
  }

  /** A file whose bytes are not those of its name counts as absent, and is removed so that it can be put again. */
  async get(sha256: string): Promise<Buffer | undefined> {
    if (!name.test(sha256)) return undefined;
    const file = this.#file(sha256);
    const bytes = await readFile(file).catch(absent);
    if (bytes === undefined || digest(bytes) === sha256) return bytes;
    await rm(file, { force: true });
    return undefined;
  }

  /** Removes what is older than the retention time, counts the rest, and gives its bytes. `now` in Unix milliseconds. */
  async sweep(now: number = Date.now()): Promise<number> {
    this.#nextSweep = now + SWEEP_EVERY_MS;
    let left = 0;
    for (const entry of await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const file = path.join(entry.parentPath, entry.name);
      const found = entry.isFile() ? await stat(file).catch(absent) : undefined;
      if (found === undefined) continue;
      if (found.mtimeMs < now - this.#retentionMs) await rm(file, { force: true });
      else left += found.size;
    }
    return this.#bytes = left;
  }

  /** Two levels, because folders with a hundred thousand files are slow to list. */
  #file(sha256: string): string {
    return path.join(this.#folder, sha256.slice(0, 2), sha256);
  }

  /** What other processes put since the last count is not seen: with several of them the bound may be passed for an hour. */
  async #makeRoom(bytes: number): Promise<void> {
    if (Date.now() >= this.#nextSweep || this.#bytes + bytes > this.#maxBytes) await this.sweep();
    if (this.#bytes + bytes <= this.#maxBytes) return;
    throw retryable('CASC_STORE_FULL', `The store ${this.#folder} holds ${this.#bytes} bytes; the limit is ${this.#maxBytes}.`, {
      advice: 'Give it more room, or remove old files from it.',
    });
  }
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Whether the file is there with its length; if so its retention time begins again. */
async function keepLonger(file: string, length: number): Promise<boolean> {
  const found = await stat(file).catch(absent);
  if (found?.size !== length) return false;
  const now = new Date();
  return utimes(file, now, now).then(() => true, (error: unknown) => absent(error) ?? false);
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
