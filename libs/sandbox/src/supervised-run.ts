import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';
import { retryable, terminal, type CascadeError } from '@cascade/contracts';
import { descriptors } from './bwrap-arguments.js';
import type { ControlGroup } from './cgroup.js';
import { folderUsage, type FolderUsage } from './folder-usage.js';
import { sandboxLimits } from './limits.js';
import { isGone, memoryOf, processTree } from './process-tree.js';
import type { KilledBy, SandboxResult } from './sandbox.js';
import { StatusReader } from './status-reader.js';

export interface SupervisedCommand {
  readonly argv: readonly string[];
  /** Environment of bubblewrap itself: readable inside as /proc/1/environ, so it holds nothing but what bubblewrap needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly seccomp: Buffer;
  readonly group: ControlGroup | undefined;
  readonly memoryBytes: number;
  readonly maxProcesses: number;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly folders: readonly string[];
  /** What the folders may hold in all, including what was there before. */
  readonly usageLimit: FolderUsage;
  readonly signal: AbortSignal | undefined;
}

const GONE_PAUSE_MS = 5;
/** Bubblewrap itself outside and as the namespace's first process. */
const BUBBLEWRAP_PROCESSES = 2;
const START_ERROR_BYTES = 500;

/**
 * One command under watch, from spawn to the death of its last process.
 *
 * started: bubblewrap exists and waits at a gate (`--block-fd`) with its namespaces made. The run's control group takes it in,
 * then the gate opens: no instruction of the command runs outside the group.
 * running: output is collected and bounded; the watchdog looks at memory (without a group), disk and file count.
 * ending: the command ended, or `kill` ended it for the first reason that came up; bubblewrap's death ends the namespace.
 * over: the namespace's first process is gone, therefore all are, and nothing writes to the workspace any more.
 *
 * Spawned from the main thread: `--die-with-parent` is tied to the thread that spawned.
 */
export class SupervisedRun {
  private readonly startedAt = performance.now();
  private readonly child: ChildProcess;
  private readonly status: StatusReader;
  private readonly output: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  private outputBytes = 0;
  private killedBy: KilledBy | null = null;
  private watching = true;
  private failure: unknown;
  private readonly over = Promise.withResolvers<void>();

  constructor(private readonly command: SupervisedCommand) {
    this.child = spawn(command.argv[0]!, command.argv.slice(1), {
      env: { ...command.env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'], detached: true,
    });
    this.child.on('error', (error) => { this.failure ??= error; });
    // Node gives no streams at all when this process may not open any more files.
    if (!this.child.stdout) throw this.startFailure('too many files are open');
    this.child.stdout.on('data', (chunk: Buffer) => this.collect('stdout', chunk));
    this.child.stderr!.on('data', (chunk: Buffer) => this.collect('stderr', chunk));
    this.status = new StatusReader(this.child.stdio[descriptors.status] as Readable);
    this.feedFilter();
  }

  async result(): Promise<SandboxResult> {
    const ended = this.ended();
    const timer = setTimeout(() => this.kill('timeout'), this.command.timeoutMs);
    const abort = (): void => this.kill('abort');
    this.command.signal?.addEventListener('abort', abort, { once: true });
    if (this.command.signal?.aborted) abort();
    const watchdog = this.watch();
    try {
      await this.openGate();
      const { exitCode, signal } = await ended;
      await this.namespaceGone();
      return this.conclude(exitCode, signal);
    } finally {
      this.watching = false;
      clearTimeout(timer);
      this.command.signal?.removeEventListener('abort', abort);
      await watchdog;
    }
  }

  /** The gate and the filter are sockets of ours, which would keep 'close' waiting. */
  private ended(): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
    return new Promise((resolve) => {
      this.child.once('exit', () => {
        for (const descriptor of [descriptors.seccomp, descriptors.block]) this.pipe(descriptor).destroy();
      });
      this.child.once('error', (error) => {
        this.failure = error;
        resolve({ exitCode: null, signal: null });
      });
      this.child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  private pipe(descriptor: number): Writable {
    return this.child.stdio[descriptor] as Writable;
  }

  private feedFilter(): void {
    for (const descriptor of [descriptors.seccomp, descriptors.block]) this.pipe(descriptor).on('error', () => undefined);
    this.pipe(descriptors.seccomp).end(this.command.seccomp);
  }

  private async openGate(): Promise<void> {
    const init = await this.status.started();
    if (init === undefined) return;
    try {
      this.command.group?.join(init);
    } catch (error) {
      if (!isGone(init)) this.failure = error;
      this.killGroup();
      return;
    }
    this.pipe(descriptors.block).write('1');
  }

  private collect(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const room = this.command.maxOutputBytes - this.outputBytes;
    this.outputBytes += chunk.length;
    if (room > 0) this.output[stream].push(chunk.subarray(0, room));
    if (this.outputBytes > this.command.maxOutputBytes) this.kill('output');
  }

  private kill(why: KilledBy): void {
    if (this.killedBy !== null) return;
    this.killedBy = why;
    this.killGroup();
  }

  private killGroup(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
    this.command.group?.killAll();
  }

  /** Looks, then rests at least four times as long as the look took: a large workspace must not keep the service busy. */
  private async watch(): Promise<void> {
    while (this.watching && this.killedBy === null) {
      const began = performance.now();
      if (this.command.group === undefined) this.checkProcesses();
      const usage = await folderUsage(this.command.folders, this.command.usageLimit);
      if (usage.bytes > this.command.usageLimit.bytes) this.kill('disk');
      else if (usage.entries > this.command.usageLimit.entries) this.kill('files');
      const rest = Math.max(sandboxLimits.watchdogMs, 4 * (performance.now() - began));
      await Promise.race([delay(rest, undefined, { ref: false }), this.over.promise]);
    }
  }

  /** Without a control group the limits of one run are kept by looking: a user's process limit also counts the rest of the machine. */
  private checkProcesses(): void {
    if (this.child.pid === undefined) return;
    const pids = processTree(this.child.pid);
    if (memoryOf(pids) > this.command.memoryBytes) this.kill('memory');
    else if (pids.length > this.command.maxProcesses + BUBBLEWRAP_PROCESSES) this.kill('processes');
  }

  private async namespaceGone(): Promise<void> {
    this.watching = false;
    this.over.resolve();
    const init = this.status.namespaceInit;
    const deadline = performance.now() + sandboxLimits.goneMs;
    while (init !== undefined && !isGone(init)) {
      if (performance.now() > deadline) throw this.startFailure('its processes did not end');
      await delay(GONE_PAUSE_MS);
    }
  }

  private startFailure(why: string): CascadeError {
    const missing = /^bwrap: execvp (.+): No such file or directory$/.exec(why)?.[1];
    if (missing !== undefined) { // trying again does not install it
      return terminal('CASC_SANDBOX_PROGRAM_MISSING', `The sandbox has no program "${missing}".`, { advice: 'Install it for the whole machine (Python: sudo apt-get install -y python3), or name another test command with --test-command.' });
    }
    return retryable('CASC_SANDBOX_START_FAILED', `A sandbox could not be run: ${why}`, { advice: 'Look at the limits of processes and namespaces on this machine.', cause: this.failure });
  }

  private conclude(exitCode: number | null, signal: NodeJS.Signals | null): SandboxResult {
    const stderr = Buffer.concat(this.output.stderr).toString();
    const outOfMemory = this.command.group?.outOfMemory() === true;
    if (this.failure !== undefined) throw this.startFailure(this.failure instanceof Error ? this.failure.message : 'unknown');
    if (this.killedBy === null && !outOfMemory && !this.status.finished) throw this.startFailure(stderr.slice(0, START_ERROR_BYTES).trim() || `bubblewrap ended with ${exitCode ?? signal ?? 'nothing'}`);
    return {
      exitCode, signal, killedBy: this.killedBy ?? (outOfMemory ? 'memory' : null),
      stdout: Buffer.concat(this.output.stdout).toString(), stderr, wallMs: Math.round(performance.now() - this.startedAt),
    };
  }
}
