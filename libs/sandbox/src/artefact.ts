import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { terminal, type CascadeError } from '@cascade/contracts';
import { sandboxLimits } from './limits.js';

const refused = (path: string, why: string): CascadeError =>
  terminal('CASC_ARTEFACT_REFUSED', `${path} was left behind by untrusted code and ${why}`, { advice: 'The run is not to be trusted; look at what the code writes.' });

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}

async function containingFolder(root: string, path: string): Promise<string> {
  const top = await realpath(root);
  const folder = await realpath(join(top, dirname(path))).catch((error: unknown) => { throw refused(path, `cannot be reached (${codeOf(error)})`); });
  if (folder !== top && !folder.startsWith(top + sep)) throw refused(path, 'leads out of its folder');
  return folder;
}

/**
 * Reads a file that code in a sandbox wrote, from outside. Reading it plainly would make the reader a confused deputy: a link
 * gives it the reader's secrets, a fifo hangs it. So: no links on the last step, no way out of `root`, only a regular file
 * with one name, not larger than `maxBytes`. Call it only after the run is over.
 * Throws CASC_ARTEFACT_REFUSED and CASC_ARTEFACT_TOO_LARGE (terminal).
 */
export async function readArtefact(root: string, path: string, maxBytes: number = sandboxLimits.artefactBytes): Promise<Buffer> {
  const folder = await containingFolder(root, path);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(folder, basename(path)), flags).catch((error: unknown) => { throw refused(path, `cannot be opened (${codeOf(error)})`); });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refused(path, 'is not a regular file');
    if (stat.nlink > 1) throw refused(path, 'has more than one name');
    if (stat.size > maxBytes) throw terminal('CASC_ARTEFACT_TOO_LARGE', `${path} has ${stat.size} bytes; the limit is ${maxBytes}.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
