import { terminal } from '@cascade/contracts';
import { cacheDirectory } from './cache-directory.js';
import { unpackDebianProgram } from './debian-packages.js';
import { findExecutable, isExecutable, type Environment } from './run-command.js';

/** What to add to the environment so that the sandbox finds bubblewrap. */
export interface BwrapEnvironment {
  readonly CASCADE_BWRAP: string;
  /** `LD_LIBRARY_PATH` of bubblewrap itself; '' when it is a program of the system. */
  readonly CASCADE_BWRAP_LIBRARIES: string;
}

/**
 * Finds bubblewrap: `CASCADE_BWRAP`, PATH, then an unpacked Debian package in the cache folder.
 * Throws `CASC_SANDBOX_UNAVAILABLE` with what to run. Whether the kernel lets it make a sandbox is for the sandbox to find out.
 */
export async function ensureBwrap(env: Environment): Promise<BwrapEnvironment> {
  const named = env['CASCADE_BWRAP'] ?? '';
  if (named !== '' && isExecutable(named)) return { CASCADE_BWRAP: named, CASCADE_BWRAP_LIBRARIES: env['CASCADE_BWRAP_LIBRARIES'] ?? '' };
  const onPath = findExecutable(['bwrap'], env);
  if (onPath !== undefined) return { CASCADE_BWRAP: onPath, CASCADE_BWRAP_LIBRARIES: '' };
  const unpacked = await unpackDebianProgram({ name: 'bubblewrap', packages: ['bubblewrap'], program: 'usr/bin/bwrap' }, cacheDirectory(env), env);
  if (unpacked !== undefined) return { CASCADE_BWRAP: unpacked.command, CASCADE_BWRAP_LIBRARIES: unpacked.libraries };
  throw terminal('CASC_SANDBOX_UNAVAILABLE', 'bubblewrap (bwrap) is not installed; without it no model-written code is run.', {
    advice: process.platform === 'linux'
      ? 'Install it with: sudo apt-get install -y bubblewrap (or your system\'s package manager)'
      : 'The sandbox needs Linux: run Cascade in a Linux machine or container.',
  });
}
