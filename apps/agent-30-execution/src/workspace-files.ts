import { constants } from 'node:fs';
import { lstat, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathProblem, retryable, terminal } from '@cascade/contracts';

/** Contents by path; `undefined` stands for a file that must not be there. */
export type Contents = Readonly<Record<string, string | undefined>>;

/**
 * Writes a unit's own files into its workspace, and nothing else. A path must be one of `allowed`; no part of it may be
 * a symbolic link, because code that ran in the sandbox can plant one that leads out of the workspace.
 * Throws `CASC_WORKSPACE_PATH` (terminal).
 */
export class WorkspaceFiles {
  private readonly allowed: ReadonlySet<string>;

  constructor(private readonly root: string, allowed: readonly string[]) {
    this.allowed = new Set(allowed);
  }

  /** Makes the workspace hold exactly these contents at these paths. */
  async restore(contents: Contents): Promise<void> {
    for (const [path, text] of Object.entries(contents)) {
      await this.guard(path);
      if (text === undefined) await rm(join(this.root, path), { force: true, recursive: true });
      else await this.write(path, text);
    }
  }

  private async write(path: string, text: string): Promise<void> {
    const target = join(this.root, path);
    await this.makeFolders(dirname(path));
    const old = await stat(target);
    // Removed first: the file may belong to the sandbox's user, or be a second name of another file.
    if (old !== undefined) await rm(target, { force: true, recursive: true });
    const file = await open(target, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
    try {
      await file.writeFile(text);
      await file.chmod(0o644);
    } finally {
      await file.close();
    }
  }

  /** One by one: a workspace that was closed meanwhile must not come back as a folder with some of its files. */
  private async makeFolders(path: string): Promise<void> {
    if (await stat(this.root) === undefined) throw retryable('CASC_WORKSPACE_CLOSED', 'The workspace was closed while a worker still used it.', { advice: 'Another worker did the task meanwhile; what is left of it is done in a new workspace.' });
    let folder = this.root;
    for (const segment of path === '.' ? [] : path.split('/')) {
      folder = join(folder, segment);
      await mkdir(folder).catch((error: unknown) => { if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; });
    }
  }

  private async guard(path: string): Promise<void> {
    const problem = pathProblem(path) ?? (this.allowed.has(path) ? undefined : 'is not one of the task\'s files');
    if (problem !== undefined) throw terminal('CASC_WORKSPACE_PATH', `The path ${JSON.stringify(path.slice(0, 200))} ${problem}.`);
    let folder = this.root;
    for (const segment of path.split('/').slice(0, -1)) {
      folder = join(folder, segment);
      const found = await stat(folder);
      if (found === undefined) return;
      if (!found.isDirectory()) throw terminal('CASC_WORKSPACE_PATH', `The path ${JSON.stringify(path.slice(0, 200))} leads through something that is not a folder.`);
    }
  }
}

async function stat(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
