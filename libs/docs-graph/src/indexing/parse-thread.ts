import { Worker } from 'node:worker_threads';
import { asCascadeError, type CascadeError, terminal } from '@cascade/messages';

export interface ParseOrder {
  readonly path: string;
  readonly bytes: Uint8Array;
}
export type ParseAnswer = 'ready' | { readonly json: string };

export interface ParseJob extends ParseOrder {
  /** The facts as JSON; undefined when the file could not be read at all. */
  done(json: string | undefined): void;
  failed(error: CascadeError): void;
}

/** One that works and one that lies ready, so that the thread never waits for the next. */
const JOBS_AT_ONCE = 2;
const STARTS = 3;
/** Of JavaScript; the syntax trees are in WebAssembly's memory. */
const HEAP_MB = 512;

/**
 * A thread that reads files one after the other. When one takes too long, or the thread dies of it, that file is given up,
 * and the others go to a new thread: nothing of what was given is lost. A thread that dies may take the answer for the file
 * before with it, so whoever was first in line is read once more, alone: what dies of it again is what it died of.
 */
export class ParseThread {
  private worker: Worker | undefined;
  private readonly jobs: ParseJob[] = [];
  private watchdog: NodeJS.Timeout | undefined;
  private ready = false;
  private failedStarts = 0;
  private suspect: ParseJob | undefined;

  /** `next` is called whenever there is room for another job. */
  constructor(private readonly entry: () => Worker, private readonly fileMs: number, private readonly next: () => void) {}

  get hasRoom(): boolean {
    return this.suspect === undefined && this.jobs.length < JOBS_AT_ONCE;
  }

  give(job: ParseJob): void {
    this.jobs.push(job);
    if (this.worker === undefined) this.start();
    else if (this.ready) this.send(job);
  }

  async close(error: CascadeError): Promise<void> {
    const { worker } = this;
    this.drop();
    for (const job of this.jobs.splice(0)) job.failed(error);
    await worker?.terminate();
  }

  private start(): void {
    const worker = this.entry();
    this.worker = worker;
    // A dead thread may still have spoken: only the present one is heard.
    worker.on('message', (answer: ParseAnswer) => { if (worker === this.worker) this.hear(answer); });
    worker.on('error', (cause) => { if (worker === this.worker) this.lost(cause); });
    worker.on('exit', () => { if (worker === this.worker) this.lost(undefined); });
  }

  private hear(answer: ParseAnswer): void {
    if (answer === 'ready') {
      this.ready = true;
      this.failedStarts = 0;
      for (const job of this.suspect === undefined ? this.jobs : [this.suspect]) this.send(job);
    } else {
      this.jobs.shift()?.done(answer.json);
      if (this.suspect !== undefined) for (const job of this.jobs) this.send(job);
      this.suspect = undefined;
      this.next();
    }
    this.watch();
  }

  private send({ path, bytes }: ParseJob): void {
    // A copy: a view would take all of what it is a part of with it.
    const own = Uint8Array.from(bytes);
    this.worker?.postMessage({ path, bytes: own } satisfies ParseOrder, [own.buffer]);
    if (this.watchdog === undefined) this.watch();
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = this.jobs.length === 0 ? undefined : setTimeout(() => {
      void this.worker?.terminate();
      if (this.ready) this.suspect = this.jobs[0];
      this.lost(undefined);
    }, this.fileMs);
  }

  private lost(cause: unknown): void {
    const wasReady = this.ready;
    this.drop();
    if (wasReady) this.blame();
    else if ((this.failedStarts += 1) >= STARTS) return this.giveUp(cause);
    if (this.jobs.length > 0) this.start();
    this.next();
  }

  /** Gives the first up when it was read alone, or suspects it. */
  private blame(): void {
    const [first] = this.jobs;
    const isSure = first === this.suspect;
    this.suspect = isSure ? undefined : first;
    if (isSure) this.jobs.shift()?.done(undefined);
  }

  private giveUp(cause: unknown): void {
    this.failedStarts = 0;
    this.suspect = undefined;
    const error = terminal('CASC_PARSER_UNUSABLE', `The thread that reads source files does not start: ${cause === undefined ? 'it ended at once' : asCascadeError(cause).message}.`, {
      advice: 'Install the packages again (`npm ci`), and see whether the process may start threads and has memory.', cause,
    });
    for (const job of this.jobs.splice(0)) job.failed(error);
    this.next();
  }

  private drop(): void {
    clearTimeout(this.watchdog);
    this.watchdog = undefined;
    this.worker = undefined;
    this.ready = false;
  }
}

const isSource = import.meta.url.endsWith('.ts');

/** From the build, or in tests from the source, which Node reads with the help of hooks. */
export const parseWorker = (): Worker => new Worker(new URL(isSource ? './parse-worker.ts' : './parse-worker.js', import.meta.url), {
  execArgv: isSource ? ['--no-warnings', '--conditions=@cascade/source', '--import', new URL('./testing/source-hooks.mjs', import.meta.url).href] : [],
  resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
});
