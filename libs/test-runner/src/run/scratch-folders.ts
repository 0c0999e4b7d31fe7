import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxMount } from '@cascade/sandbox';

/** Folders that Vite writes below node_modules, which is read-only for tests: they become empty private folders of each run. */
export const scratchFolders = ['.vite-temp', '.vite'] as const;

/** Writable mounts for the scratch folders that an installation has been given. */
export async function scratchMounts(mounts: readonly SandboxMount[], scratch: string): Promise<SandboxMount[]> {
  const wanted = mounts.filter(({ to }) => to === '/workspace/node_modules')
    .flatMap(({ from, to }) => scratchFolders.filter((name) => existsSync(join(from, name))).map((name) => ({ from: join(scratch, name), to: `${to}/${name}` })));
  for (const { from } of wanted) await mkdir(from, { recursive: true });
  return wanted;
}
