import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A name for what was installed from exactly this input, on this kind of machine. */
export function cacheKey(kind: string, parts: readonly string[]): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify([process.platform, process.arch, ...parts])).digest('hex').slice(0, 40)}`;
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/**
 * `<cacheRoot>/<key>`, made by `install` in a folder beside it and renamed when complete: a crash leaves nothing that looks finished,
 * and of two that install the same thing at the same time one wins. What is there already is used without asking any registry.
 */
export async function installOnce(cacheRoot: string, key: string, install: (folder: string) => Promise<void>): Promise<string> {
  const final = join(cacheRoot, key);
  if (await exists(final)) return final;
  await mkdir(cacheRoot, { recursive: true });
  const temporary = join(cacheRoot, `.${key}-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(temporary);
    await chmod(temporary, 0o755);
    await install(temporary);
    await rename(temporary, final).catch(async (error: unknown) => {
      if (!await exists(final)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return final;
}
