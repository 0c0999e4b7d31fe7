import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('subject-process.mjs', import.meta.url));

/** A contestant in its own process; see subject-process.mjs. */
export class Subject {
  #child;

  /** `module` lies in subjects/; `name` is the function of it that makes the contestant. */
  static async start(module, name, url, options = {}) {
    const subject = new Subject();
    const file = new URL(`subjects/${module}`, import.meta.url).href;
    subject.#child = fork(program, [file, name, url, JSON.stringify(options)], { execArgv: process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [] });
    await subject.#answer();
    return subject;
  }

  /** What the method gave (`result`), and the `seconds` and `cpuUs` that it took. */
  call(method, ...args) {
    const answer = this.#answer();
    this.#child.send({ method, args });
    return answer;
  }

  stop() {
    if (this.#child.connected) this.#child.disconnect();
  }

  async #answer() {
    const ended = new AbortController();
    const exit = once(this.#child, 'exit', { signal: ended.signal }).then(([code]) => { throw new Error(`A contestant ended with code ${code}.`); });
    exit.catch(() => undefined);
    try {
      const [answer] = await Promise.race([once(this.#child, 'message', { signal: ended.signal }), exit]);
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    } finally {
      ended.abort();
    }
  }
}
