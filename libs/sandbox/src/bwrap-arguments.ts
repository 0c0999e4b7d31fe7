import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { nodeMount, pythonMount, workspaceMount } from './limits.js';
import type { SandboxMount } from './sandbox.js';

/** What this machine's kernel and container allow; found by the probe, strictest first. */
export interface Shape {
  readonly ownProc: boolean;
  readonly disableUserns: boolean;
}

/** Where the things that every run sees are on the host. */
export interface Furniture {
  readonly etc: string;
  readonly emptyFile: string;
  readonly node: string;
  readonly pythonPrefix: string | undefined;
}

export interface Room {
  readonly cwd: string;
  readonly readOnly: readonly SandboxMount[];
  readonly writable: readonly SandboxMount[];
  readonly env: Readonly<Record<string, string>>;
  readonly tmpBytes: number;
}

/** File descriptors that bubblewrap inherits; see the supervisor. */
export const descriptors = { seccomp: 3, status: 4, block: 5 } as const;

/** /bin, /lib and the like: links into /usr on most systems, folders of their own on others. */
function systemFolders(): string[] {
  return ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap((name) => {
    const path = `/${name}`;
    if (!existsSync(path)) return [];
    return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  });
}

/** A worktree's `.git` names host folders and a repository's holds its configuration, so neither is visible inside. */
function hiddenGit(cwd: string, emptyFile: string): string[] {
  const path = join(cwd, '.git');
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const inside = `${workspaceMount}/.git`;
  return stat.isDirectory() ? ['--tmpfs', inside, '--remount-ro', inside] : ['--ro-bind', emptyFile, inside];
}

/** Namespaces, capabilities, and a root with nothing in it but the system's programs. Shared with the probe. */
export function isolationArguments(shape: Shape, furniture: Furniture): string[] {
  return [
    '--unshare-all', '--unshare-user', ...(shape.disableUserns ? ['--disable-userns'] : []),
    '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv',
    '--ro-bind', '/usr', '/usr', ...systemFolders(),
    '--ro-bind', furniture.etc, '/etc',
    '--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache', '--ro-bind-try', '/etc/alternatives', '/etc/alternatives',
    ...(shape.ownProc ? ['--proc', '/proc'] : ['--dir', '/proc']),
    '--ro-bind', furniture.node, nodeMount,
    ...(furniture.pythonPrefix === undefined ? [] : ['--ro-bind', furniture.pythonPrefix, pythonMount]),
  ];
}

function environment(furniture: Furniture, added: Readonly<Record<string, string>>): string[] {
  const path = ['/opt/cascade/bin', ...(furniture.pythonPrefix === undefined ? [] : [`${pythonMount}/bin`]), '/usr/bin', '/bin', '/usr/local/bin'];
  const all = { PATH: path.join(':'), HOME: '/tmp/home', TMPDIR: '/tmp', LANG: 'C.UTF-8', TZ: 'UTC', CI: '1', NO_COLOR: '1', ...added };
  return Object.entries(all).flatMap(([name, value]) => ['--setenv', name, value]);
}

/**
 * Everything between `bwrap` and the command. The order matters: mounts before the root becomes read-only, and tmpfs only with
 * a size, because without one it may take half of the machine's memory.
 */
export function bwrapArguments(shape: Shape, furniture: Furniture, room: Room): string[] {
  const tmpfs = (path: string): string[] => ['--size', String(room.tmpBytes), '--tmpfs', path];
  return [
    ...isolationArguments(shape, furniture),
    '--dev', '/dev', ...tmpfs('/dev/shm'), '--remount-ro', '/dev',
    ...tmpfs('/tmp'), '--dir', '/tmp/home',
    '--bind', room.cwd, workspaceMount, ...hiddenGit(room.cwd, furniture.emptyFile),
    ...room.readOnly.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...room.writable.flatMap(({ from, to }) => ['--bind', from, to]),
    '--remount-ro', '/', '--chdir', workspaceMount,
    ...environment(furniture, room.env),
    '--seccomp', String(descriptors.seccomp), '--json-status-fd', String(descriptors.status), '--block-fd', String(descriptors.block),
  ];
}
