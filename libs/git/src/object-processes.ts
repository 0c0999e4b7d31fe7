import { cancelled } from '@cascade/contracts';
import type { GitAnswer, GitCall } from './git-runner.js';
import { ObjectConversation } from './object-conversation.js';
import type { ProcessLine } from './process-group.js';

/** Processes that wait for the next question, and how long each does. */
const MAX_IDLE = 4;
const IDLE_MS = 30_000;
/** Then a process ends, whether it is asked or not: nobody asks for so long. */
const LIFETIME_MS = 10 * 60_000;

type StartGit = (options: Pick<GitCall, 'args' | 'converse' | 'signal' | 'accept' | 'timeoutMs'>) => Promise<GitAnswer>;

/**
 * Gits that are asked for objects, kept for a while for the next question: starting one takes longer than all that it is
 * asked, above all from a process with much memory. One that waits keeps nobody from ending, and ends with who started it.
 */
export class ObjectProcesses {
  /** By what they can see; the one that was used last stands last. */
  private readonly idle = new Map<string, ObjectProcess>();

  /** Whatever one process says to `talk`, it says of the same objects. `key` names what `start` lets git see. Throws what git-runner.ts names. */
  async use<T>(key: string, start: StartGit, talk: (objects: ObjectConversation) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const waiting = this.idle.get(key);
    this.idle.delete(key);
    const process = waiting?.isUsable === true ? waiting : new ObjectProcess(start);
    try {
      const told = await process.use(talk, signal);
      this.keep(key, process);
      return told;
    } catch (error) {
      process.end();
      if (signal?.aborted === true) throw cancelled('git cat-file was ended.');
      // It may have ended, or been ended, while it waited.
      if (process === waiting) return await this.use(key, start, talk, signal);
      throw error;
    }
  }

  close(): void {
    for (const process of this.idle.values()) process.end();
    this.idle.clear();
  }

  private keep(key: string, process: ObjectProcess): void {
    if (!process.isUsable || this.idle.has(key)) return process.end();
    this.idle.set(key, process);
    process.wait(() => { if (this.idle.get(key) === process) this.idle.delete(key); });
    if (this.idle.size <= MAX_IDLE) return;
    const [oldest, longest] = this.idle.entries().next().value!;
    this.idle.delete(oldest);
    longest.end();
  }
}

class ObjectProcess {
  private readonly opened = Promise.withResolvers<{ line: ProcessLine; objects: ObjectConversation }>();
  private readonly finished = Promise.withResolvers<void>();
  private readonly killing = new AbortController();
  private readonly running: Promise<unknown>;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;
  private objects: ObjectConversation | undefined;

  constructor(start: StartGit) {
    const converse: GitCall['converse'] = (line) => {
      this.opened.resolve({ line, objects: this.objects = new ObjectConversation(line.to, line.from) });
      return this.finished.promise;
    };
    // It may be left while it writes, of which it dies.
    this.running = start({ args: ['cat-file', '--batch-command'], converse, signal: this.killing.signal, accept: [-1], timeoutMs: LIFETIME_MS }).finally(() => { this.hasEnded = true; });
    this.running.catch((error: unknown) => this.opened.reject(error));
    this.opened.promise.catch(() => undefined);
  }

  get isUsable(): boolean {
    return !this.hasEnded && this.objects?.isOver !== true;
  }

  async use<T>(talk: (objects: ObjectConversation) => Promise<T>, signal?: AbortSignal): Promise<T> {
    clearTimeout(this.timer);
    const kill = (): void => this.killing.abort();
    signal?.addEventListener('abort', kill, { once: true });
    try {
      signal?.throwIfAborted();
      const { line, objects } = await this.opened.promise;
      line.hold(true);
      const told = await talk(objects);
      line.hold(false);
      return told;
    } catch (error) {
      this.end();
      await this.running; // says better why
      throw error;
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }

  /** Ends by itself when nobody uses it for a while, and says so. */
  wait(onEnd: () => void): void {
    this.timer = setTimeout(() => {
      onEnd();
      this.end();
    }, IDLE_MS);
    this.timer.unref();
  }

  end(): void {
    clearTimeout(this.timer);
    this.finished.resolve();
  }
}
