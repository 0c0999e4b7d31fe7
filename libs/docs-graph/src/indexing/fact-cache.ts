import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { factsVersion } from '../facts/facts-version.js';
import type { FileFacts } from '../facts/file-facts.js';
import { CacheSegment, type EntryPlace } from './cache-segment.js';

export const cacheBounds = {
  /** Some 100,000 files. */
  bytes: 1024 * 1024 * 1024,
  /** What is too much goes in such pieces, the oldest first. */
  segments: 64,
} as const;

/**
 * Facts on disk, by git's id of the bytes and the file's name (which says the language, and what is a test): what was read
 * once is not read again, in whatever repository, branch or folder it comes. Only a cache: what is damaged, of another
 * version or did not fit is missing, and nothing here ever fails an indexing. Several processes may share a folder; each
 * writes segments of its own, and sees what was there when it opened.
 */
export class FactCache {
  private readonly entries = new Map<string, { readonly segment: CacheSegment; readonly place: EntryPlace }>();
  private readonly segments: CacheSegment[] = [];
  private current: CacheSegment | undefined;
  /** Why the last entry could not be kept; undefined when it could. */
  problem: unknown;

  private constructor(private readonly folder: string, private readonly bytes: number) {}

  /** Throws what the file system throws when the folder cannot be made. */
  static open(folder: string, bytes: number = cacheBounds.bytes): FactCache {
    const own = path.join(folder, `facts-${factsVersion}`);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    for (const other of readdirSync(folder)) if (other.startsWith('facts-') && other !== `facts-${factsVersion}`) rmSync(path.join(folder, other), { recursive: true, force: true });
    const cache = new FactCache(own, bytes);
    for (const name of readdirSync(own).sort()) cache.load(path.join(own, name));
    cache.trim();
    return cache;
  }

  /** The facts of these bytes under this path. */
  get(blob: string, file: string): FileFacts | undefined {
    const key = keyOf(blob, file);
    const found = this.entries.get(key);
    if (found === undefined) return undefined;
    try {
      const json = found.segment.read(found.place, key);
      if (json !== undefined) return { ...JSON.parse(json) as FileFacts, path: file };
    } catch (cause) {
      this.problem = cause;
    }
    this.entries.delete(key);
    return undefined;
  }

  /** Keeps facts as the pool gives them. What is not kept is read again another time: `problem` says why. */
  put(blob: string, file: string, json: string): void {
    const key = keyOf(blob, file);
    if (this.entries.has(key)) return;
    try {
      this.current ??= this.begin();
      const segment = this.current;
      this.entries.set(key, { segment, place: segment.append(key, json) });
      if (segment.bytes >= this.bytes / cacheBounds.segments) this.current = undefined;
      this.problem = undefined;
    } catch (cause) {
      this.giveUp();
      this.problem = cause;
    }
  }

  /** The segment may end in half an entry. One without any other goes: on a full disk each attempt would leave one, until they push out all that are of use. */
  private giveUp(): void {
    const segment = this.current;
    this.current = undefined;
    if (segment === undefined || segment.appended > 0) return;
    this.segments.splice(this.segments.indexOf(segment), 1);
    segment.close();
    rmSync(segment.file, { force: true });
  }

  close(): void {
    for (const segment of this.segments.splice(0)) segment.close();
    this.entries.clear();
    this.current = undefined;
  }

  private begin(): CacheSegment {
    // Names in the order in which segments began, the same one never twice.
    const segment = CacheSegment.create(path.join(this.folder, `${String(Date.now()).padStart(16, '0')}-${randomBytes(4).toString('hex')}`));
    this.segments.push(segment);
    this.trim();
    return segment;
  }

  private load(file: string): void {
    try {
      const segment = CacheSegment.open(file);
      this.segments.push(segment);
      for (const [key, place] of segment.entries()) this.entries.set(key, { segment, place });
    } catch (cause) {
      this.problem = cause;
    }
  }

  private trim(): void {
    let bytes = this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    while (this.segments.length > 1 && (bytes > this.bytes || this.segments.length > cacheBounds.segments)) {
      const oldest = this.segments.shift();
      if (oldest === undefined) return;
      bytes -= oldest.bytes;
      for (const [key, { segment }] of this.entries) if (segment === oldest) this.entries.delete(key);
      oldest.close();
      rmSync(oldest.file, { force: true });
    }
  }
}

/** Without spaces, as the segments want it. */
const keyOf = (blob: string, file: string): string => `${encodeURIComponent(blob)}/${encodeURIComponent(path.posix.basename(file).toWellFormed())}`;
