import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

/** How a process ended: by itself, or because one of our limits ended it. */
export type ProcessEnd = 'exited' | 'timed-out' | 'aborted' | 'too-much-output' | 'not-started';

export interface ProcessResult {
  readonly end: ProcessEnd;
  /** Exit code; -1 when a signal or a limit ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  /** The last 64 KiB. */
  readonly stderr: string;
}

const STDERR_KEEP = 64 * 1024;
const KILL_AFTER_MS = 5_000;

/**
 * Ends a process and all it has started. Its own group makes that possible: git starts helpers (index-pack, ssh) that
 * outlive it otherwise.
 */
function endGroup(child: ChildProcess): NodeJS.Timeout | undefined {
  const send = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch { /* the group is gone already */ }
  };
  send('SIGTERM');
  const timer = setTimeout(() => send('SIGKILL'), KILL_AFTER_MS);
  timer.unref();
  return timer;
}

/** Runs a command from an argv array, without a shell, in a process group of its own. Never throws. */
export function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  if (request.signal?.aborted === true) return Promise.resolve({ end: 'aborted', code: -1, stdout: Buffer.alloc(0), stderr: '' });
  return supervise(spawn(request.command, [...request.args], { cwd: request.cwd, env: request.env, detached: true, stdio: 'pipe' }), request);
}

function supervise(child: ChildProcessWithoutNullStreams, request: ProcessRequest): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let [bytes, stderr, end] = [0, '', 'exited' as ProcessEnd];
    let killTimer: NodeJS.Timeout | undefined;
    const stop = (reason: ProcessEnd): void => {
      if (end !== 'exited') return;
      end = reason;
      killTimer = endGroup(child);
    };
    const onAbort = (): void => stop('aborted');
    const timer = setTimeout(() => stop('timed-out'), request.timeoutMs);
    request.signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > request.maxOutputBytes) stop('too-much-output');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => { stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_KEEP); });
    child.stdin.on('error', () => { /* it stopped reading: its exit code says why */ });
    const finish = (code: number): void => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      request.signal?.removeEventListener('abort', onAbort);
      resolve({ end, code: end === 'exited' ? code : -1, stdout: Buffer.concat(chunks), stderr });
    };
    child.on('error', (error) => { end = 'not-started'; stderr = error.message; finish(-1); });
    child.on('close', (code) => finish(code ?? -1));
    child.stdin.end(request.input ?? '');
  });
}
