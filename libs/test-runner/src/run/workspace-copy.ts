import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { relativePath, terminal } from '@cascade/contracts';

const MAX_FILES = 50_000;
const MAX_BYTES = 2 ** 30;
/** Never copied: git's own folder is nobody's business inside, dependencies are mounted, caches are noise. */
const leftOut = new Set(['.git', 'node_modules', '.venv', 'venv', '__pycache__', '.pytest_cache']);

export interface WorkspaceCopy {
  /** The copy's root. */
  readonly folder: string;
  /** A folder beside it for reports. */
  readonly report: string;
  /** Another, for what tools insist on writing next to their packages. */
  readonly scratch: string;
  /** Every file, relative, sorted. */
  readonly paths: readonly string[];
  remove(): Promise<void>;
}

interface Copied {
  readonly paths: string[];
  bytes: number;
}

async function copyInto(from: string, to: string, relative: string, copied: Copied): Promise<void> {
  for (const entry of await readdir(join(from, relative), { withFileTypes: true })) {
    if (leftOut.has(entry.name)) continue;
    const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) {
      await mkdir(join(to, path));
      await copyInto(from, to, path, copied);
    } else if (entry.isSymbolicLink()) {
      // As a link: inside, it can lead nowhere but where the sandbox may look anyway.
      await symlink(await readlink(join(from, path)), join(to, path));
    } else if (entry.isFile()) {
      copied.bytes += (await lstat(join(from, path))).size;
      copied.paths.push(path);
      if (copied.paths.length > MAX_FILES || copied.bytes > MAX_BYTES) {
        throw terminal('CASC_WORKSPACE_TOO_LARGE', `The workspace holds more than ${MAX_FILES} files or ${MAX_BYTES / 2 ** 20} MB`, { advice: 'Leave build results and large data out of the repository.' });
      }
      await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
    }
  }
}

/** Untrusted code may have left folders that not even their owner can look into. */
async function removeStubborn(top: string): Promise<void> {
  try {
    await rm(top, { recursive: true, force: true });
  } catch {
    const waiting = [top];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      await chmod(folder, 0o700);
      for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory()) waiting.push(join(entry.parentPath, entry.name));
    }
    await rm(top, { recursive: true, force: true });
  }
}

/**
 * Writes a file below a folder: whatever is there is replaced, and nothing outside is touched even when a parent is a link.
 * Throws CASC_PATH_REFUSED (terminal).
 */
export async function writeInside(root: string, path: string, text: string): Promise<void> {
  const parsed = relativePath.safeParse(path);
  const target = join(root, path);
  if (parsed.success) await mkdir(dirname(target), { recursive: true });
  if (!parsed.success || await realpath(dirname(target)) !== dirname(join(await realpath(root), path))) {
    throw terminal('CASC_PATH_REFUSED', `${JSON.stringify(path.slice(0, 200))} does not lie inside the workspace`);
  }
  await rm(target, { force: true });
  await writeFile(target, text, { flag: 'wx', mode: 0o644 });
}

/**
 * A private copy of a workspace for one test run, below the system's temporary folder. Tests run in the copy and never in the
 * workspace, so that nothing they leave behind (caches, snapshots, planted files) can get into a commit, and so that the
 * sandbox's user never owns the workspace. `overlay` replaces or adds files in the copy only.
 * Throws CASC_WORKSPACE_TOO_LARGE (terminal).
 */
export async function copyWorkspace(folder: string, overlay: Readonly<Record<string, string>>): Promise<WorkspaceCopy> {
  const top = await mkdtemp(join(tmpdir(), 'cascade-tests-'));
  const remove = (): Promise<void> => removeStubborn(top);
  try {
    await chmod(top, 0o755);
    const copy = join(top, 'workspace');
    const report = join(top, 'report');
    const scratch = join(top, 'scratch');
    for (const made of [copy, report, scratch]) await mkdir(made);
    const copied: Copied = { paths: [], bytes: 0 };
    await copyInto(folder, copy, '', copied);
    for (const [path, text] of Object.entries(overlay)) await writeInside(copy, path, text);
    return { folder: copy, report, scratch, paths: [...new Set([...copied.paths, ...Object.keys(overlay)])].sort(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
