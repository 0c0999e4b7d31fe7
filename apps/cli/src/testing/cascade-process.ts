import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built `cascade` as a child process, as a person starts it; remembers what it prints. */
export class CascadeProcess {
  stdout = '';
  stderr = '';
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #running = true;

  constructor(args: readonly string[], env: Readonly<Record<string, string | undefined>>, cwd: string) {
    this.#child = spawn(process.execPath, [main, ...args], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => { this.stdout += text; this.#changed(); });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.stderr += text; this.#changed(); });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.#running = false;
        this.#changed();
        resolve(code ?? signal ?? '');
      });
    });
  }

  /** Everything that it printed. */
  get told(): string {
    return `${this.stderr}\n${this.stdout}`;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Waits until it has printed this; gives the match. Throws when it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.told);
        if (match === null && this.#running) return;
        this.#listeners.delete(look);
        if (match === null) reject(new UnsaidError(`ended without saying ${pattern}:\n${this.told}`));
        else resolve(match);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** The id of the cascade that it started. */
  async id(): Promise<string> {
    return (await this.said(/Cascade (\S+) started/))[1] ?? '';
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

export class UnsaidError extends Error {
  override readonly name = 'UnsaidError';
}
