import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeInside } from './workspace-copy.js';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/**
 * Test files that nobody may change any more: the code under test is written against them, not the other way round.
 * Holds their text, so that they can be put back whatever has been done to them.
 */
export class TestLock {
  /** SHA-256 of each locked file, by path, sorted. */
  readonly hashes: Readonly<Record<string, string>>;

  constructor(readonly files: Readonly<Record<string, string>>) {
    this.hashes = Object.fromEntries(Object.keys(files).sort().map((path) => [path, sha256(files[path]!)]));
  }

  /** One hash for all of them: what a certificate names. */
  get digest(): string {
    return sha256(JSON.stringify(Object.entries(this.hashes)));
  }

  /** Writes every locked file back as it was. Throws CASC_PATH_REFUSED (terminal) when a link leads a path elsewhere. */
  async restore(folder: string): Promise<void> {
    for (const path of Object.keys(this.hashes)) await writeInside(folder, path, this.files[path]!);
  }

  /** Paths of locked files that are missing, replaced by something else than a plain file, or different. */
  async changed(folder: string): Promise<string[]> {
    const changed: string[] = [];
    for (const [path, hash] of Object.entries(this.hashes)) {
      const target = join(folder, path);
      const stat = await lstat(target).catch(() => undefined);
      if (stat?.isFile() !== true || stat.size > 2 * Buffer.byteLength(this.files[path]!) + 1024 || sha256(await readFile(target)) !== hash) changed.push(path);
    }
    return changed;
  }
}
