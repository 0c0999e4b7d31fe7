import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const made = new Set<string>();

/**
 * A new empty folder for one test. `removeTemporaryFolders` (or `failOnLeaks`) takes all of them away at the end; what a
 * crashed run leaves behind is recognised by the prefix `cascade-test-`.
 */
export function temporaryFolder(name = 'folder'): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `cascade-test-${name}-`));
  made.add(folder);
  return folder;
}

export function removeTemporaryFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  made.delete(folder);
}

export function removeTemporaryFolders(): void {
  for (const folder of made) removeTemporaryFolder(folder);
}

/** Folders that were made and not removed. */
export function remainingTemporaryFolders(): readonly string[] {
  return [...made];
}
