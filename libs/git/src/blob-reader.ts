import { isCascadeError } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';

/** What `git cat-file --batch` prints before and after each blob's bytes. */
const FRAME_BYTES = 200;
/** So few are read without asking for their sizes before: a git process less. */
const FEW = 64;

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
  const blobs = [...new Set(wanted)];
  const few = blobs.length <= FEW ? await framesOf(repository, blobs, bounds.allBytes, signal) : undefined;
  if (few !== undefined) {
    const chosen = chosenOf(blobs.map((blob) => [blob, few.get(blob)?.length]), bounds);
    return { ...chosen, content: Buffer.concat(chosen.blobs.map(({ blob }) => few.get(blob)!)) };
  }
  const chosen = chosenOf(await sizesOf(repository, blobs, signal), bounds);
  return { ...chosen, content: await contentOf(repository, chosen.blobs, signal) };
}

function chosenOf(sizes: readonly (readonly [string, number | undefined])[], bounds: BlobBounds): Omit<ReadBlobs, 'content'> {
  const chosen: Omit<ReadBlobs, 'content'> = { blobs: [], omitted: [], left: [] };
  let offset = 0;
  for (const [blob, bytes] of sizes) {
    if (bytes === undefined) chosen.omitted.push({ blob, reason: 'missing' });
    else if (bytes > bounds.eachBytes) chosen.omitted.push({ blob, reason: 'too-large' });
    else if (offset > 0 && offset + bytes > bounds.allBytes) chosen.left.push(blob);
    else {
      chosen.blobs.push({ blob, offset, bytes });
      offset += bytes;
    }
  }
  return chosen;
}

/** The bytes of all those that are blobs; nothing where they are more than `allBytes` together. */
async function framesOf(repository: CachedRepository, wanted: readonly string[], allBytes: number, signal?: AbortSignal): Promise<ReadonlyMap<string, Buffer> | undefined> {
  const read = await repository.git(['cat-file', '--batch'], { input: linesOf(wanted), maxOutputBytes: allBytes + wanted.length * FRAME_BYTES, signal }).catch((error: unknown) => {
    if (isCascadeError(error) && error.code === 'CASC_REPOSITORY_TOO_LARGE') return undefined;
    throw error;
  });
  if (read === undefined) return undefined;
  const frames = new Map<string, Buffer>();
  let at = 0;
  for (const blob of wanted) {
    const start = read.stdout.indexOf(0x0a, at) + 1;
    const [, type, size] = read.stdout.toString('latin1', at, start - 1).split(' ');
    at = type === 'missing' ? start : start + Number(size) + 1;
    if (type === 'blob') frames.set(blob, read.stdout.subarray(start, at - 1));
  }
  return frames;
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
