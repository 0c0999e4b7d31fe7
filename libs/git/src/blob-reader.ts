import type { CachedRepository } from './cached-repository.js';

/** What `git cat-file --batch` prints before and after each blob's bytes. */
const FRAME_BYTES = 200;

export interface BlobBounds {
  /** Bytes of one blob. */
  readonly eachBytes: number;
  /** Bytes of all that one call reads. */
  readonly allBytes: number;
}

/** Blobs of a repository, one after the other in `content`. */
export interface ReadBlobs {
  readonly content: Buffer;
  readonly blobs: { blob: string; offset: number; bytes: number }[];
  /** Not in the repository, no blob, or larger than one may be. */
  readonly omitted: { blob: string; reason: 'missing' | 'too-large' }[];
  /** Had no room any more: to be asked for again. */
  readonly left: string[];
}

/** Reads blobs in the given order as long as they fit together into `allBytes`; at least one is read, however large. */
export async function readBlobs(repository: CachedRepository, wanted: readonly string[], bounds: BlobBounds, signal?: AbortSignal): Promise<ReadBlobs> {
  const sizes = await sizesOf(repository, [...new Set(wanted)], signal);
  const read: Omit<ReadBlobs, 'content'> = { blobs: [], omitted: [], left: [] };
  let offset = 0;
  for (const [blob, bytes] of sizes) {
    if (bytes === undefined) read.omitted.push({ blob, reason: 'missing' });
    else if (bytes > bounds.eachBytes) read.omitted.push({ blob, reason: 'too-large' });
    else if (offset > 0 && offset + bytes > bounds.allBytes) read.left.push(blob);
    else {
      read.blobs.push({ blob, offset, bytes });
      offset += bytes;
    }
  }
  return { ...read, content: await contentOf(repository, read.blobs, signal) };
}

async function sizesOf(repository: CachedRepository, wanted: readonly string[], signal?: AbortSignal): Promise<[string, number | undefined][]> {
  if (wanted.length === 0) return [];
  const { text } = await repository.git(['cat-file', '--batch-check'], { input: linesOf(wanted), signal });
  return text.split('\n').map((line, index) => {
    const [, type, size] = line.split(' ');
    return [wanted[index]!, type === 'blob' ? Number(size) : undefined];
  });
}

/** The bytes without git's frames around them. */
async function contentOf(repository: CachedRepository, blobs: ReadBlobs['blobs'], signal?: AbortSignal): Promise<Buffer> {
  if (blobs.length === 0) return Buffer.alloc(0);
  const bound = blobs.reduce((sum, { bytes }) => sum + bytes + FRAME_BYTES, 0);
  const { stdout } = await repository.git(['cat-file', '--batch'], { input: linesOf(blobs.map(({ blob }) => blob)), maxOutputBytes: bound, signal });
  let end = 0;
  return Buffer.concat(blobs.map(({ bytes }) => {
    const start = stdout.indexOf(0x0a, end) + 1;
    end = start + bytes + 1;
    return stdout.subarray(start, start + bytes);
  }));
}

const linesOf = (oids: readonly string[]): string => oids.map((oid) => `${oid}\n`).join('');
