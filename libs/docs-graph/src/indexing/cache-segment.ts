import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** Where an entry lies in its segment. */
export interface EntryPlace {
  readonly offset: number;
  readonly bytes: number;
}

const CHECKSUM = 16;
const LINE_END = 0x0a;
const SPACE = 0x20;
const checksum = (text: Uint8Array): string => createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM);

/**
 * A file to which entries are only added, one per line: `checksum "key" json`. Whatever a crash or a full disk leaves, each
 * entry is whole or is not there.
 */
export class CacheSegment {
  /** Whole entries that this process has added. */
  appended = 0;

  private constructor(readonly file: string, private readonly fd: number, public bytes: number) {}

  /** A new one, to write to. Throws when there is a file of that name. */
  static create(file: string): CacheSegment {
    return new CacheSegment(file, openSync(file, 'ax+', 0o600), 0);
  }

  static open(file: string): CacheSegment {
    const fd = openSync(file, 'r');
    return new CacheSegment(file, fd, fstatSync(fd).size);
  }

  /** Its entries by key; what is damaged so that it has none is passed over. */
  *entries(): Generator<[key: string, place: EntryPlace]> {
    const all = readFileSync(this.file);
    for (let offset = 0, end = all.indexOf(LINE_END); end >= 0; offset = end + 1, end = all.indexOf(LINE_END, offset)) {
      const keyEnd = all.indexOf(SPACE, offset + CHECKSUM + 1);
      if (keyEnd > 0 && keyEnd < end) yield [all.toString('utf8', offset + CHECKSUM + 1, keyEnd), { offset, bytes: end - offset }];
    }
  }

  append(key: string, json: string): EntryPlace {
    const text = Buffer.from(`${key} ${json}`);
    const offset = this.bytes;
    const line = Buffer.concat([Buffer.from(`${checksum(text)} `), text, Buffer.of(LINE_END)]);
    for (let at = 0; at < line.length;) {
      const written = writeSync(this.fd, line, at); // a disk that is nearly full takes a part, and refuses the rest
      at += written;
      this.bytes += written;
    }
    this.appended += 1;
    return { offset, bytes: line.length - 1 };
  }

  /** The JSON of an entry; undefined when it is not what was written. */
  read({ offset, bytes }: EntryPlace, key: string): string | undefined {
    const line = Buffer.alloc(bytes);
    if (readSync(this.fd, line, 0, bytes, offset) !== bytes) return undefined;
    const text = line.subarray(CHECKSUM + 1);
    if (line.toString('latin1', 0, CHECKSUM) !== checksum(text) || !text.subarray(0, key.length + 1).equals(Buffer.from(`${key} `))) return undefined;
    return text.toString('utf8', key.length + 1);
  }

  close(): void {
    closeSync(this.fd);
  }
}
