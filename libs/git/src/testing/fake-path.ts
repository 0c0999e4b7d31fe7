import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Puts a stand-in for `but` first on PATH. */
export function useFakeBut(version?: string): { readonly restore: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'cascade-but-'));
  symlinkSync(join(import.meta.dirname, 'fake-but/but.mjs'), join(folder, 'but'));
  if (version !== undefined) writeFileSync(join(folder, 'version'), version);
  const before = process.env['PATH'];
  process.env['PATH'] = `${folder}:${before ?? ''}`;
  return { restore: () => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true, force: true });
  } };
}
