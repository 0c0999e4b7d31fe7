import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './run-command.js';

/**
 * Where unpacked programs are kept: `CASCADE_PROGRAMS`, else `.cache/` of the checkout that this code runs from, else the
 * user's cache folder (when the package was installed elsewhere).
 */
export function cacheDirectory(env: Environment): string {
  const named = env['CASCADE_PROGRAMS'];
  if (named !== undefined && named !== '') return path.resolve(named);
  const checkout = findCheckout(path.dirname(fileURLToPath(import.meta.url)));
  if (checkout !== undefined) return path.join(checkout, '.cache');
  return path.join(env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'cascade');
}

function findCheckout(from: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (packageName(folder) === '@cascade/root') return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

function packageName(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined; // no package.json here
  }
}
