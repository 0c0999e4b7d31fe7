import { spawn } from 'node:child_process';
import { toolEnvironment } from './tool-environment.js';

export interface ToolResult {
  readonly exitCode: number | null;
  /** The last part of stdout and stderr together. */
  readonly tail: string;
  readonly stdout: string;
}

export interface ToolOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

const TAIL_CHARACTERS = 4000;
const STDOUT_CHARACTERS = 1_000_000;

/** Runs a package manager, outside the sandbox, with a bounded output; its children die with it. */
export async function runTool(argv: readonly string[], options: ToolOptions): Promise<ToolResult> {
  options.signal?.throwIfAborted();
  const child = spawn(argv[0]!, argv.slice(1), { cwd: options.cwd, env: { ...toolEnvironment(), ...options.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stop = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  let tail = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
    stdout = (stdout + text).slice(0, STDOUT_CHARACTERS);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { tail = (tail + text).slice(-TAIL_CHARACTERS); });
  const timer = setTimeout(() => {
    tail += `\nended after ${options.timeoutMs} ms`;
    stop();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        tail = error.message;
        resolve(null);
      });
      child.once('close', resolve);
    });
    options.signal?.throwIfAborted();
    return { exitCode, tail: tail.trim(), stdout };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}
