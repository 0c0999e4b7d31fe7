import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RepositoryFiles } from '../detect/repository-view.js';

/** A repository on disk, from a list of files. */
export class SampleRepository {
  readonly folder = mkdtempSync(join(tmpdir(), 'cascade-sample-'));

  constructor(readonly files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The same list as detection sees it. */
export function listed(files: Readonly<Record<string, string>>): RepositoryFiles {
  return { entries: Object.entries(files).map(([path, text]) => ({ path, bytes: text.length })), read: (path) => files[path] };
}
