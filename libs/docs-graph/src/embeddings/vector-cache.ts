import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { embeddingBounds } from './embedder.js';
import { type Quantised, withLength } from './quantised.js';

const HASH_BYTES = 32;
const HEAD_BYTES = HASH_BYTES + 2;

/**
 * Vectors by the hash of their text, of one model: what was asked for once is not paid for again, in whatever branch it
 * stands, nor after a restart. On disk a log of records: hash, number of numbers (16 bits, little-endian), the numbers in
 * one byte each. A record that a crash cut off is dropped with what follows it. When the bound is reached the older half goes.
 */
export class VectorCache {
  private vectors = new Map<string, Quantised>();
  private bytes = 0;
  private file: number | undefined;

  private constructor(private readonly place: string | undefined) {}

  /** One that forgets with the process. */
  static inMemory(): VectorCache {
    return new VectorCache(undefined);
  }

  /** Throws what the file system throws. */
  static open(place: string): VectorCache {
    const cache = new VectorCache(place);
    mkdirSync(path.dirname(place), { recursive: true });
    const whole = existsSync(place) && statSync(place).size <= 2 * embeddingBounds.bytes ? cache.read(readFileSync(place)) : 0;
    cache.file = openSync(place, whole === 0 ? 'w' : 'r+');
    ftruncateSync(cache.file, whole);
    cache.shrink();
    return cache;
  }

  get(hash: string): Quantised | undefined {
    return this.vectors.get(hash);
  }

  /** `hash`: SHA-256 in base64. */
  put(hash: string, vector: Quantised): void {
    if (this.vectors.has(hash)) return;
    this.keep(hash, vector);
    if (this.file !== undefined) writeSync(this.file, record(hash, vector), 0, undefined, this.bytes - sizeOf(vector));
    this.shrink();
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private keep(hash: string, vector: Quantised): void {
    this.vectors.set(hash, vector);
    this.bytes += sizeOf(vector);
  }

  /** Gives how many bytes of the log are whole records. */
  private read(log: Buffer): number {
    let at = 0;
    while (at + HEAD_BYTES <= log.length) {
      const numbers = log.readUInt16LE(at + HASH_BYTES);
      const end = at + HEAD_BYTES + numbers;
      if (numbers === 0 || numbers > embeddingBounds.dimensions || end > log.length) break;
      const hash = log.toString('base64', at, at + HASH_BYTES);
      if (this.vectors.has(hash)) break; // nothing is written twice: this is no log of ours
      this.keep(hash, withLength(Int8Array.from(log.subarray(at + HEAD_BYTES, end), (byte) => (byte << 24) >> 24)));
      at = end;
    }
    return at;
  }

  private shrink(): void {
    if (this.bytes <= embeddingBounds.bytes) return;
    const newer = [...this.vectors].slice(Math.ceil(this.vectors.size / 2));
    this.vectors = new Map();
    this.bytes = 0;
    for (const [hash, vector] of newer) this.keep(hash, vector);
    if (this.place === undefined) return;
    writeFileSync(`${this.place}.new`, Buffer.concat(newer.map(([hash, vector]) => record(hash, vector))));
    renameSync(`${this.place}.new`, this.place);
    this.close();
    this.file = openSync(this.place, 'r+');
  }
}

const sizeOf = ({ values }: Quantised): number => HEAD_BYTES + values.length;

function record(hash: string, { values }: Quantised): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES + values.length);
  bytes.write(hash, 0, HASH_BYTES, 'base64');
  bytes.writeUInt16LE(values.length, HASH_BYTES);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.length), HEAD_BYTES);
  return bytes;
}
