import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { terminal, type CascadeError } from '@cascade/contracts';

/** What starts the sandbox, found once. */
export interface HostTools {
  readonly bwrap: string;
  /** Extra folder of shared libraries for an unpacked bubblewrap (CASCADE_BWRAP_LIBRARIES). */
  readonly libraries: string | undefined;
  readonly prlimit: string;
  /** Only needed, and only then present, when Cascade is root. */
  readonly setpriv: string | undefined;
}

export interface Python {
  /** Host folder to mount, or undefined when it lies below /usr, which is mounted anyway. */
  readonly prefix: string | undefined;
}

const PROBE_TIMEOUT_MS = 10_000;

export const unavailable = (reason: string, advice: string): CascadeError =>
  terminal('CASC_SANDBOX_UNAVAILABLE', `No sandbox: ${reason}. Without a working sandbox nothing model-written runs.`, { advice });

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A program on PATH, or in the folders where system tools are even when PATH lacks them. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
  return folders.filter(isAbsolute).map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Finds bubblewrap (the given path, else CASCADE_BWRAP, else PATH) and the tools that set limits and user.
 * Throws CASC_SANDBOX_UNAVAILABLE (terminal).
 */
export function findHostTools(bwrapPath: string | undefined): HostTools {
  if (process.platform !== 'linux') throw unavailable(`bubblewrap needs Linux, this is ${process.platform}`, 'Run Cascade in a Linux machine or container.');
  const asked = bwrapPath ?? process.env.CASCADE_BWRAP;
  const bwrap = asked ?? findProgram('bwrap');
  if (bwrap === undefined) throw unavailable('bubblewrap (bwrap) was not found', 'Install it, e.g. `apt-get install bubblewrap`, or point CASCADE_BWRAP to it.');
  if (!isExecutable(bwrap)) throw unavailable(`${bwrap} is not an executable file`, 'Point CASCADE_BWRAP to bubblewrap.');
  const prlimit = findProgram('prlimit');
  const setpriv = process.getuid?.() === 0 ? findProgram('setpriv') : undefined;
  if (prlimit === undefined || (process.getuid?.() === 0 && setpriv === undefined)) {
    throw unavailable('prlimit or setpriv was not found', 'Install util-linux.');
  }
  return { bwrap, libraries: process.env.CASCADE_BWRAP_LIBRARIES, prlimit, setpriv };
}

/** Python for the sandbox: the system's, else the installation behind the `python3` on PATH; undefined when there is none. */
export function findPython(): Python | undefined {
  if (existsSync('/usr/bin/python3')) return { prefix: undefined };
  const program = findProgram('python3');
  if (program === undefined) return undefined;
  // The program on PATH may be a shim, so it has to be asked where it lives.
  const asked = spawnSync(program, ['-I', '-c', 'import sys; print(sys.base_prefix)'], { encoding: 'utf8', timeout: PROBE_TIMEOUT_MS });
  const prefix = asked.status === 0 ? asked.stdout.trim() : '';
  if (!isAbsolute(prefix) || !existsSync(join(prefix, 'bin/python3'))) return undefined;
  const real = realpathSync(prefix);
  return { prefix: real === '/usr' || real.startsWith('/usr/') ? undefined : real };
}

/** The interpreter, on the host, that the sandbox will use: what installs packages for it has to know its version. */
export function hostPython(): string | undefined {
  const python = findPython();
  if (python === undefined) return undefined;
  return python.prefix === undefined ? findProgramBelowUsr() : join(python.prefix, 'bin/python3');
}

function findProgramBelowUsr(): string | undefined {
  return ['/usr/bin/python3', '/usr/local/bin/python3'].find(isExecutable);
}
