import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { checkout } from '../checkout.js';

const main = path.join(checkout, 'apps/standalone/dist/testing/soak/main.js');

/** All services in one process that is told how many cascades to take to their ends. */
export class SoakProcess {
  readonly #gone: Promise<never>;

  private constructor(private readonly child: ChildProcess) {
    this.#gone = once(child, 'exit').then(() => { throw new Error('the process of all services ended'); });
    this.#gone.catch(() => undefined); // said to who waits for an answer
  }

  static async start(env: NodeJS.ProcessEnv): Promise<SoakProcess> {
    const soak = new SoakProcess(fork(main, { env, execArgv: ['--expose-gc'], stdio: ['ignore', 2, 2, 'ipc'] }));
    await soak.#answer();
    return soak;
  }

  /** Takes cascades to their ends; gives the CPU time of that, in microseconds. */
  async ask(count: number): Promise<number> {
    const answer = this.#answer();
    this.child.send({ ask: count });
    return (await answer as { cpuMicros: number }).cpuMicros;
  }

  /** What the heap holds after a garbage collection, in bytes. */
  async heapBytes(): Promise<number> {
    const answer = this.#answer();
    this.child.send('heap');
    return (await answer as { heapBytes: number }).heapBytes;
  }

  async stop(): Promise<void> {
    const exited = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, 'exit') : undefined;
    this.child.kill('SIGKILL');
    await exited;
  }

  async #answer(): Promise<unknown> {
    const [answer] = await Promise.race([once(this.child, 'message'), this.#gone]) as [unknown];
    return answer;
  }
}
