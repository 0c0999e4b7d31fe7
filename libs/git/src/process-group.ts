import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Instead of `input`: writes and reads while the process runs, which is told to end afterwards; then `stdout` stays empty. */
  readonly converse?: Converse;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

export interface ProcessLine {
  readonly to: Writable;
  readonly from: Readable;
  /** Whether this process waits for what is going on there before it ends; it does at first. */
  hold(isBusy: boolean): void;
}

/** Must bound what it reads. What it throws is for its caller to keep. */
export type Converse = (line: ProcessLine) => Promise<unknown>;

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

async function converse(child: ChildProcessWithoutNullStreams, talk: Converse): Promise<void> {
  const parts = [child, child.stdin, child.stdout, child.stderr] as unknown as readonly { ref(): void; unref(): void }[];
  const hold = (isBusy: boolean): void => { for (const part of parts) part[isBusy ? 'ref' : 'unref'](); };
  await talk({ to: child.stdin, from: child.stdout, hold }).catch(() => undefined);
  child.stdin.end();
  child.stdout.destroy();
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
    const keep = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > request.maxOutputBytes) stop('too-much-output');
      else chunks.push(chunk);
    };
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
    if (request.converse === undefined) {
      child.stdout.on('data', keep);
      child.stdin.end(request.input ?? '');
    } else {
      timer.unref(); // it lasts as long as the conversation, which may be idle
      void converse(child, request.converse);
    }
  });
}
