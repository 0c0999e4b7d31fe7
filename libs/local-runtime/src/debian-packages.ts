import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withFileLock } from './file-lock.js';
import { findExecutable, isExecutable, runCommand, type Environment } from './run-command.js';

const SYSTEM_LISTS = '/var/lib/apt/lists';

export interface UnpackedProgram {
  readonly command: string;
  /** For `LD_LIBRARY_PATH`: the folders of the unpacked libraries. */
  readonly libraries: string;
}

export interface UnpackRequest {
  /** Name of its folder in the cache. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Path of the program inside the packages, e.g. `usr/bin/redis-server`. */
  readonly program: string;
}

/**
 * A program from Debian packages, unpacked into the cache folder: nothing is installed on the system, and root rights
 * are not needed. What is missing on this machine (packages with all libraries) is what apt itself would install.
 * Gives undefined when this is not a Debian-like system or the packages cannot be had.
 */
export async function unpackDebianProgram(request: UnpackRequest, cache: string, env: Environment): Promise<UnpackedProgram | undefined> {
  const root = path.join(cache, request.name);
  if (isExecutable(path.join(root, request.program))) return unpacked(root, request);
  if (findExecutable(['apt-get'], env) === undefined || findExecutable(['dpkg'], env) === undefined) return undefined;
  await mkdir(cache, { recursive: true });
  return withFileLock(path.join(cache, `${request.name}.lock`), async () => {
    if (!isExecutable(path.join(root, request.program)) && !(await fill(root, request, cache, env))) return undefined;
    return unpacked(root, request);
  });
}

async function unpacked(root: string, request: UnpackRequest): Promise<UnpackedProgram> {
  const places = await Promise.all(['usr/lib', 'lib'].map(async (place) => {
    const folder = path.join(root, place);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const architectures = entries.filter((entry) => entry.isDirectory() && /-linux-/.test(entry.name)).map((entry) => path.join(folder, entry.name));
    return entries.length === 0 ? [] : [...architectures.sort(), folder];
  }));
  return { command: path.join(root, request.program), libraries: places.flat().join(path.delimiter) };
}

/** Fills `root` from a temporary neighbour that is renamed at the end, so that a broken download leaves nothing behind. */
async function fill(root: string, request: UnpackRequest, cache: string, env: Environment): Promise<boolean> {
  const work = await mkdtemp(path.join(cache, `${request.name}-`));
  try {
    await mkdir(path.join(work, 'apt', 'archives', 'partial'), { recursive: true });
    const systemLists = (await readdir(SYSTEM_LISTS).catch(() => [])).some((name) => name.includes('Packages'));
    const downloaded = (systemLists && await download(request.packages, work, env, [])) || await downloadWithOwnLists(request.packages, work, cache, env);
    if (!downloaded) return false;
    for (const name of (await readdir(work)).filter((entry) => entry.endsWith('.deb')).sort()) {
      if ((await runCommand(['dpkg', '-x', path.join(work, name), path.join(work, 'root')], { env })).code !== 0) return false;
    }
    if (!isExecutable(path.join(work, 'root', request.program))) return false;
    await rm(root, { recursive: true, force: true });
    await rename(path.join(work, 'root'), root);
    return true;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function downloadWithOwnLists(packages: readonly string[], work: string, cache: string, env: Environment): Promise<boolean> {
  const lists = path.join(cache, 'apt-lists');
  await mkdir(path.join(lists, 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${lists}`];
  // Its exit code says little (a hook of the system may fail for a plain user); whether packages come decides.
  await runCommand(['apt-get', ...common(work), ...options, 'update'], { env, cwd: work });
  return download(packages, work, env, options);
}

/**
 * `Sandbox::User` empty: apt as root would drop to a user who cannot write here; as a plain user it means nothing.
 * Cache and logs are put below `work`, since apt as root would write them on the system even when it only simulates.
 */
const common = (work: string): string[] =>
  ['-qq', '-o', 'APT::Sandbox::User=', '-o', 'Debug::NoLocking=1', '-o', `Dir::Cache=${path.join(work, 'apt')}`, '-o', `Dir::Log=${path.join(work, 'apt')}`];

async function download(packages: readonly string[], work: string, env: Environment, options: readonly string[]): Promise<boolean> {
  const wanted = await runCommand(['apt-get', ...common(work), ...options, 'install', '--simulate', '--reinstall', '--no-install-recommends', ...packages], { env, cwd: work });
  const names = wanted.stdout.split('\n').flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
  if (wanted.code !== 0 || names.length === 0) return false;
  return (await runCommand(['apt-get', ...common(work), ...options, 'download', ...names], { env, cwd: work })).code === 0;
}
