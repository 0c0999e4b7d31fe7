import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Lines of a log that are shown when its process ended without being asked to. */
const LAST_LINES = 15;

export interface ServiceCommand {
  /** Of the service; its log is named so. */
  readonly name: string;
  /** The compiled main file. */
  readonly main: string;
  readonly args?: readonly string[];
  /** Modules that are loaded before it. */
  readonly preloads?: readonly string[];
  /** Beside the environment of the place. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How long a process that is asked to stop may take; what docs/deploy.md asks orchestrators to grant. */
const GRACE_MS = 30_000;

/** One service in an operating system process of its own. */
export class ServiceProcess {
  readonly exited: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #log: string;
  #wasKilled = false;
  #wasStopped = false;

  /** `logs`: folder of the log files, to which all lives of a service append. */
  constructor(readonly command: ServiceCommand, env: Readonly<NodeJS.ProcessEnv>, logs: string) {
    this.#log = path.join(logs, `${command.name}.log`);
    const log = openSync(this.#log, 'a');
    const preloads = (command.preloads ?? []).flatMap((file) => ['--import', pathToFileURL(file).href]);
    this.#child = spawn(process.execPath, [...preloads, command.main, ...command.args ?? []], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.exited = once(this.#child, 'exit');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Undefined while it runs, when the harness killed it or it ended itself by SIGKILL, as fail-points do, or when it was asked to stop and did. */
  get unexpectedEnd(): string | undefined {
    if (this.isRunning || this.#wasKilled) return undefined;
    if (this.#wasStopped ? this.#child.exitCode === 0 : this.#child.signalCode === 'SIGKILL') return undefined;
    const lines = readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n      ');
    return `${this.command.name} ${this.#wasStopped ? 'did not stop as asked' : 'ended by itself'} (${this.#child.signalCode ?? `code ${this.#child.exitCode}`}):\n      ${lines}`;
  }

  /** SIGSTOP or SIGCONT, for what does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#wasKilled = true;
    this.#child.kill('SIGKILL');
    if (this.isRunning) await this.exited;
  }

  /** SIGTERM, and waits until it is gone. What takes longer than an orchestrator grants is killed, and an unexpected end. */
  async stop(): Promise<void> {
    this.#wasStopped = true;
    this.#child.kill('SIGTERM');
    const tooLate = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    if (this.isRunning) await this.exited;
    clearTimeout(tooLate);
  }
}
