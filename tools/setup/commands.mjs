import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A set-up problem for people: its message is all that they see. */
export class SetupError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** For people, on stderr: stdout belongs to the data of the command that was asked for. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** Our own programs first, no background service, no questions; what they cache goes with the checkout. */
export const toolEnvironment = () => ({
  ...process.env,
  PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_NATIVE_FILE_CACHE_DIRECTORY: path.join(root, '.cache', 'nx'),
  NODE_COMPILE_CACHE: path.join(root, '.cache', 'node'),
  SWC_NATIVE_BINDING_CACHE: path.join(root, '.cache', 'swc'),
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0', // programs write into a pipe, and cannot see where it ends
});

/**
 * Runs a program and waits. `onOutput` gets its output (both streams) as it comes; without it the output is kept and
 * given back. Signals from the terminal reach the program by themselves; SIGTERM is passed on.
 */
export function run(argv, { onOutput, inherit = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), { cwd: root, env: toolEnvironment(), stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const pass = () => child.kill('SIGTERM');
    const wait = () => undefined; // the program got ^C too; its exit code is what counts
    process.on('SIGTERM', pass).on('SIGINT', wait);
    const end = (code, text) => {
      process.off('SIGTERM', pass).off('SIGINT', wait);
      resolve({ code, output: text });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (onOutput === undefined ? (output += text) : onOutput(text)));
    }
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 1), output));
  });
}

/** Runs a step whose output matters only when it fails. */
export async function quietly(argv, failure) {
  const { code, output } = await run(argv);
  if (code === 0) return;
  say(output.trimEnd());
  throw new SetupError(`\n${failure}`);
}

/** Builds what changed since the last time. */
export const build = () => quietly(['nx', 'run-many', '-t', 'build', '--output-style=static'], 'The build failed; its output is above.');
