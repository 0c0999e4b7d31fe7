import type { Worker } from 'node:worker_threads';
import { cancelled, type CascadeError } from '@cascade/messages';
import { factBounds } from '../facts/bounds.js';
import type { FileFacts } from '../facts/file-facts.js';
import type { IndexedFile } from './indexed-file.js';
import { type ParseJob, parseWorker, ParseThread } from './parse-thread.js';

export const parseBounds = {
  /** More gained nothing on any machine that was measured with two cores. */
  workers: 2,
  /** Files are limited by counts, so that every machine skips the same ones; this is for what counts do not see. */
  fileMs: 20_000,
  /** Files taken and not yet given back, per call. */
  filesAhead: 64,
  bytesAhead: 8 * 1024 * 1024,
} as const;

export interface FileToRead {
  readonly path: string;
  readonly blob: string;
  readonly bytes: Uint8Array;
}

export interface FileRead extends IndexedFile {
  /** The facts as text, for the cache; undefined when another machine might read this file. */
  readonly json: string | undefined;
}

export interface ParsePoolOptions {
  readonly workers?: number;
  readonly fileMs?: number;
  /** Starts a thread; for tests. */
  readonly entry?: () => Worker;
}

/** Threads that read files into facts. They start when the first file comes; several callers share them in turn. */
export class ParsePool {
  private readonly threads: readonly ParseThread[];
  private readonly waiting: ParseJob[] = [];

  constructor({ workers = parseBounds.workers, fileMs = parseBounds.fileMs, entry = parseWorker }: ParsePoolOptions = {}) {
    this.threads = Array.from({ length: workers }, () => new ParseThread(entry, fileMs, () => this.next()));
  }

  /**
   * The facts of the files, in their order. Files are taken as they are needed, so an iterable that loads them holds few in
   * memory. A file that takes the parser down or too long is `skipped` as `too-complex`. Throws CASC_CANCELLED when `signal`
   * aborts, CASC_PARSER_UNUSABLE when threads do not start.
   */
  async *read(files: Iterable<FileToRead> | AsyncIterable<FileToRead>, signal?: AbortSignal): AsyncGenerator<FileRead, void, undefined> {
    const running: { readonly bytes: number; readonly facts: Promise<FileRead>; readonly job: ParseJob }[] = [];
    let ahead = 0;
    try {
      for await (const file of files) {
        signal?.throwIfAborted();
        running.push({ bytes: file.bytes.length, ...this.submit(file) });
        ahead += file.bytes.length;
        while (running.length >= parseBounds.filesAhead || ahead > parseBounds.bytesAhead) {
          const first = running.shift();
          if (first === undefined) break;
          ahead -= first.bytes;
          yield await until(first.facts, signal);
        }
      }
      for (const { facts } of running) yield await until(facts, signal);
    } catch (error) {
      throw signal?.aborted === true ? cancelled('Reading the files was cancelled.', { cause: error }) : error;
    } finally {
      for (const { job } of running) this.withdraw(job);
    }
  }

  async close(): Promise<void> {
    const error = cancelled('The pool of parsers was closed.');
    for (const job of this.waiting.splice(0)) job.failed(error);
    await Promise.all(this.threads.map((thread) => thread.close(error)));
  }

  private submit({ path, blob, bytes }: FileToRead): { readonly job: ParseJob; readonly facts: Promise<FileRead> } {
    const { promise: facts, resolve, reject } = Promise.withResolvers<FileRead>();
    const job: ParseJob = {
      path,
      // One byte more than may be is enough to say that it is too large.
      bytes: bytes.subarray(0, factBounds.fileBytes + 1),
      done: (json) => resolve({ path, blob, json, facts: json === undefined ? { status: 'skipped', path, reason: 'too-complex' } : JSON.parse(json) as FileFacts }),
      failed: (error: CascadeError) => reject(error),
    };
    this.waiting.push(job);
    this.next();
    facts.catch(() => undefined); // whoever waits for it hears of it; nobody does after an earlier failure
    return { job, facts };
  }

  private withdraw(job: ParseJob): void {
    const at = this.waiting.indexOf(job);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  private next(): void {
    for (;;) {
      const thread = this.threads.find(({ hasRoom }) => hasRoom);
      const job = thread === undefined ? undefined : this.waiting.shift();
      if (thread === undefined || job === undefined) return;
      thread.give(job);
    }
  }
}

/** The value, or the signal's reason when that comes first. */
function until<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : cancelled('Cancelled.'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
