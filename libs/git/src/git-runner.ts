import { mkdir } from 'node:fs/promises';
import { cancelled, retryable, terminal } from '@cascade/contracts';
import { currentSpan, gitMetrics, names, spanEvents, traced } from '@cascade/telemetry';
import { gitEnvironment, safeSettings, transportSettings, type Transport } from './git-environment.js';
import { gitFailure, isLockFailure } from './git-failures.js';
import { runProcess, type Converse, type ProcessResult } from './process-group.js';
import { removeStaleLocks } from './stale-locks.js';

const DEFAULT_TIMEOUT_MS = 120_000;
/** For calls that move a repository over a network. */
export const TRANSFER_TIMEOUT_MS = 10 * 60_000;
const DEFAULT_MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
/** How often a call is tried when somebody holds a lock that it needs; with the growing pause about four seconds. */
const LOCK_ATTEMPTS = 8;
/** `merge-tree --write-tree`, on which the merge queue rests, is new in this version. */
const OLDEST_VERSION = [2, 38] as const;

export interface GitCall {
  readonly args: readonly string[];
  /** The cache, or a worktree's folder inside it. Never found by looking around: an agent could lay out a trap. */
  readonly gitDir?: string;
  readonly workTree?: string;
  /** The cache, for calls that work in it: stale locks in it may be removed. In a user's repository a lock is the user's. */
  readonly cache?: string;
  readonly input?: string | Buffer;
  /** Instead of `input`; see process-group.ts. */
  readonly converse?: Converse;
  /** Further environment, e.g. GIT_INDEX_FILE. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further `-c` settings; they win over the safe ones. Never a secret. */
  readonly settings?: readonly string[];
  readonly transport?: Transport;
  readonly globalConfig?: string;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are answers, not failures; 0 always is. */
  readonly accept?: readonly number[];
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  /** Decoded and without the trailing newline. */
  readonly text: string;
  readonly stderr: string;
}

/**
 * The only place that starts git. Every call: argv only, an environment that starts empty, settings that no repository
 * overrides, an explicit GIT_DIR, limits on time and output, a process group that can be ended as a whole.
 */
export class GitRunner {
  private ready: Promise<string> | undefined;

  /** @param home a folder of ours that stays empty: git's HOME and its working folder when there is no work tree */
  constructor(readonly home: string, private readonly binary: string = 'git') {}

  /** As git says it. Throws `CASC_GIT_TOO_OLD` or `CASC_GIT_MISSING`. Looks once per process. */
  version(): Promise<string> {
    this.ready ??= this.readVersion().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  private async readVersion(): Promise<string> {
    await mkdir(this.home, { recursive: true });
    const result = await this.start({ args: ['version'] });
    if (result.end === 'not-started') throw terminal('CASC_GIT_MISSING', 'There is no git on PATH.', { advice: 'Install git 2.38 or newer.' });
    const text = result.stdout.toString('utf8').trim();
    const [, major = 0, minor = 0] = (/^git version (\d+)\.(\d+)/.exec(text) ?? []).map(Number);
    if (major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1])) return text;
    throw terminal('CASC_GIT_TOO_OLD', `This is ${text.slice(0, 60) || 'an unknown git'}; Cascade needs git 2.38 or newer, because its merge queue uses \`git merge-tree --write-tree\`.`, { advice: 'Install a newer git.' });
  }

  /** Runs one git call. Throws a CascadeError; see `git-failures.ts` for the codes. */
  async run(call: GitCall): Promise<GitAnswer> {
    await this.version();
    return traced(`git ${call.args[0]}`, { attributes: { [names.processExecutable]: 'git', [names.processArguments]: ['git', ...call.args] } }, () => this.tried(call));
  }

  private async tried(call: GitCall): Promise<GitAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.start(call);
      currentSpan().set({ [names.processExitCode]: result.code, [names.gitEnd]: result.end });
      this.throwWhenEnded(call, result);
      const locked = result.code !== 0 && isLockFailure(result.stderr);
      if (result.code === 0 || (!locked && (call.accept ?? []).includes(result.code))) {
        return { code: result.code, stdout: result.stdout, text: result.stdout.toString('utf8').replace(/\n$/, ''), stderr: result.stderr };
      }
      if (!locked) throw gitFailure(call.args[0] ?? '', result.stderr);
      if (attempt === LOCK_ATTEMPTS) throw retryable('CASC_GIT_LOCKED', 'Another git holds a lock of the repository for too long.', { retryAfterMs: 5_000, advice: 'If no git runs, remove the .lock files below the repository.' });
      await this.waitForLock(call, attempt);
    }
  }

  private async waitForLock(call: GitCall, attempt: number): Promise<void> {
    currentSpan().event(spanEvents.wait);
    if (call.cache !== undefined) await removeStaleLocks(call.cache);
    await new Promise((resolve) => { setTimeout(resolve, 20 * 2 ** attempt * (0.5 + Math.random())); });
  }

  private throwWhenEnded(call: GitCall, result: ProcessResult): void {
    const operation = call.args[0] ?? '';
    if (result.end === 'aborted') throw cancelled(`git ${operation} was ended.`);
    if (result.end === 'timed-out') throw retryable('CASC_GIT_TIMEOUT', `git ${operation} did not finish in ${Math.round((call.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000)} s.`);
    if (result.end === 'too-much-output') throw terminal('CASC_REPOSITORY_TOO_LARGE', `git ${operation} gives more than ${call.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES} bytes: the repository has more or larger files than Cascade works with.`);
    if (result.end === 'not-started') throw terminal('CASC_GIT_MISSING', 'git could not be started.', { advice: 'Install git 2.38 or newer and look at the permissions of CASCADE_CACHE.' });
  }

  private async start(call: GitCall): Promise<ProcessResult> {
    const begin = performance.now();
    const result = await this.startUncounted(call);
    const command = call.args[0] ?? '';
    gitMetrics.commands.add({ command, result: result.end === 'exited' ? (result.code === 0 ? 'ok' : 'failed') : result.end });
    gitMetrics.seconds.observe({ command }, (performance.now() - begin) / 1_000);
    return result;
  }

  private startUncounted(call: GitCall): Promise<ProcessResult> {
    const transport = call.transport ?? 'none';
    const settings = [...safeSettings, ...transportSettings(transport), ...(call.settings ?? [])];
    return runProcess({
      command: this.binary,
      args: [...settings.flatMap((setting) => ['-c', setting]), ...call.args],
      cwd: call.workTree ?? this.home,
      env: {
        ...gitEnvironment(this.home, transport, call.globalConfig),
        ...(call.gitDir === undefined ? {} : { GIT_DIR: call.gitDir }),
        ...(call.workTree === undefined ? {} : { GIT_WORK_TREE: call.workTree }),
        ...(call.cache === undefined ? {} : { CASCADE_GIT_FOLDER: call.cache }),
        ...call.env,
      },
      timeoutMs: call.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxOutputBytes: call.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.converse === undefined ? {} : { converse: call.converse }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  }
}
