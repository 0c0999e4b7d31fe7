import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Bound of what is kept of a set-up command's output; later output is dropped, since only messages are read from it. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CommandResult {
  /** Exit code; -1 when the program could not be started or was ended by a signal. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Environment;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** Runs a set-up program from its argv, without a shell. Never throws: a missing program is code -1 with its reason in `stderr`. */
export function runCommand(argv: readonly [string, ...string[]], options: CommandOptions = {}): Promise<CommandResult> {
  const [command, ...args] = argv;
  return new Promise((resolve) => {
    const output = { stdout: '', stderr: '' };
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'], env: options.env ?? process.env, timeout: options.timeoutMs ?? 120_000,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < MAX_OUTPUT_BYTES) output[name] += text;
      });
    }
    child.on('error', (error) => resolve({ code: -1, stdout: output.stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, ...output }));
  });
}

/** Absolute path of the first of `names` that is an executable file on `env.PATH`. */
export function findExecutable(names: readonly string[], env: Environment): string | undefined {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
