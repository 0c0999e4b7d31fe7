import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelled, retryable, terminal } from '@cascade/contracts';
import { z } from 'zod';
import { COMMITTER_EMAIL, COMMITTER_NAME } from '../git-environment.js';
import { redact } from '../git-failures.js';
import { KeyedMutex } from '../mutex.js';
import { runProcess, type ProcessResult } from '../process-group.js';
import type { Probe } from '../workspace-driver.js';

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** `commit -b`, `move --above` and assignment at commit time are new in this version. */
const OLDEST = [0, 22] as const;

/** Of `but --json status`, what is used of it. */
export const statusAnswer = z.object({
  uncommittedChanges: z.array(z.object({ cliId: z.string().min(1), filePath: z.string() })),
  stacks: z.array(z.object({
    branches: z.array(z.object({ name: z.string(), commits: z.array(z.object({ commitId: z.string(), conflicted: z.boolean() })) })),
  })),
});
export type ButStatus = z.output<typeof statusAnswer>;
export const commitAnswer = z.object({ commitId: z.string().regex(/^[0-9a-f]{40,64}$/) });

/** One call in a clone. */
export interface ButCall {
  /** The clone's folder. */
  readonly clone: string;
  readonly args: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What `but` itself says to a call that it refuses. */
export type Refused = { readonly refused: string };

/**
 * Runs GitButler's command line. Each clone has a HOME, settings and data of its own inside its `.git` folder, which go
 * with it; nothing runs in the background, and calls on one clone follow each other, because `but` guarantees its locks
 * only within one process.
 */
export class But {
  private readonly mutex = new KeyedMutex();

  constructor(private readonly binary: string = 'but') {}

  /** Whether there is a `but` of the grammar that the driver speaks; the grammar changed in July 2026. */
  async probe(): Promise<Probe> {
    const version = await this.start(['--version'], undefined);
    if (version.end === 'not-started') return { ok: false, reason: 'there is no `but` on PATH' };
    const [found = '', major, minor] = /^but (\d+)\.(\d+)\S*/.exec(version.stdout.toString('utf8').trim()) ?? [];
    if (found === '') return { ok: false, reason: '`but --version` is not understood' };
    if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])) return { ok: false, version: found, reason: `${found} is older than ${OLDEST.join('.')}` };
    const help = await Promise.all([['commit', '--help'], ['setup', '--help']].map((args) => this.start(args, undefined)));
    if (help.some(({ code }) => code !== 0) || !(help[0]?.stdout.includes('--branch') ?? false)) return { ok: false, version: found, reason: `${found} does not have the commands of ${OLDEST.join('.')}` };
    return { ok: true, version: found };
  }

  /** The answer as `schema` reads it. Throws `CASC_GITBUTLER_FAILED` (retryable; also for an answer of another shape) and what ends a call. */
  async call<T>(schema: z.ZodType<T>, call: ButCall): Promise<T> {
    const answer = await this.try(schema, call);
    if (isRefusal(answer)) throw butFailed(call.args[0] ?? '', answer.refused);
    return answer;
  }

  /** As `call`, but exit code 1 is an answer: what `but` said. */
  async try<T>(schema: z.ZodType<T>, call: ButCall): Promise<T | Refused> {
    const result = await this.mutex.run(call.clone, () => this.start(['--json', '-C', call.clone, ...call.args], call.clone, call.signal));
    if (result.end === 'aborted') throw cancelled(`but ${call.args[0] ?? ''} was ended.`);
    if (result.end === 'not-started') throw terminal('CASC_GITBUTLER_MISSING', '`but` could not be started.', { advice: 'Install GitButler\'s command line, or set CASCADE_WORKSPACE_DRIVER=worktree.' });
    if (result.end !== 'exited') throw butFailed(call.args[0] ?? '', `it was stopped: ${result.end}`);
    const said = redact(result.stderr).trim().slice(-500);
    if (result.code === 1) return { refused: said };
    if (result.code !== 0) throw butFailed(call.args[0] ?? '', said);
    const parsed = schema.safeParse(parseJson(result.stdout.toString('utf8')));
    if (parsed.success) return parsed.data;
    throw butFailed(call.args[0] ?? '', `its answer has another shape than documented (${parsed.error.issues[0]?.path.join('.') ?? ''})`);
  }

  private async start(args: readonly string[], clone: string | undefined, signal?: AbortSignal): Promise<ProcessResult> {
    const home = clone === undefined ? undefined : join(clone, '.git', 'cascade');
    if (home !== undefined) await mkdir(home, { recursive: true });
    return await runProcess({
      command: this.binary, args, cwd: clone ?? '/', env: butEnvironment(home ?? '/nonexistent', clone), timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** Starts empty, as git's does: no secret of ours, no set-up of the user's, no account. */
function butEnvironment(home: string, clone: string | undefined): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config'), XDG_CACHE_HOME: join(home, 'cache'), XDG_STATE_HOME: join(home, 'state'),
    E2E_TEST_APP_DATA_DIR: join(home, 'app'), NO_BG_TASKS: '1', NO_COLOR: '1', LC_ALL: 'C.UTF-8', TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: 'false', SSH_ASKPASS: 'false', GIT_EDITOR: ':', GIT_PAGER: 'cat',
    GIT_AUTHOR_NAME: COMMITTER_NAME, GIT_AUTHOR_EMAIL: COMMITTER_EMAIL, GIT_COMMITTER_NAME: COMMITTER_NAME, GIT_COMMITTER_EMAIL: COMMITTER_EMAIL,
    ...(clone === undefined ? {} : { CASCADE_GIT_WORKSPACE: clone }),
  };
}

export const isRefusal = (answer: unknown): answer is Refused => typeof answer === 'object' && answer !== null && 'refused' in answer;

export function butFailed(command: string, said: string): Error {
  return retryable('CASC_GITBUTLER_FAILED', `but ${command} failed: ${said.split('\n').at(-1)?.slice(0, 300) ?? ''}`, { advice: 'Look at `cascade doctor --gitbutler`; CASCADE_WORKSPACE_DRIVER=worktree does without GitButler.' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return undefined; // refused by the schema
  }
}
