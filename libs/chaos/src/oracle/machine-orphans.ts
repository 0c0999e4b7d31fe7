import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Machine {
  readonly folder: string;
  readonly cache: string;
  readonly workspaces: string;
  /** The processes that belong here: services and Redis. */
  readonly pids: readonly number[];
}

/** What must not be left on the machine: checkouts, refs in the git caches, processes that work in the place's folder. */
export function machineOrphans(machine: Machine): string[] {
  return [...workspaceOrphans(machine.workspaces), ...refOrphans(path.join(machine.cache, 'git')), ...processOrphans(machine.folder, machine.pids)];
}

function workspaceOrphans(folder: string): string[] {
  const names = [...listing(folder).filter((name) => name.startsWith('ws-')), ...listing(path.join(folder, '.registry')), ...listing(path.join(folder, '.trash'))];
  return names.map((name) => `workspace ${name} is left`);
}

function refOrphans(caches: string): string[] {
  const repositories = listing(caches).map((name) => path.join(caches, name)).filter((folder) => existsSync(path.join(folder, 'HEAD')));
  return repositories.flatMap((folder) => [
    ...execFileSync('git', ['--git-dir', folder, 'for-each-ref', '--format=%(refname)', 'refs/cascade/'], { encoding: 'utf8' }).split('\n').filter((line) => line !== '').map((ref) => `${ref} is left in ${folder}`),
    ...listing(path.join(folder, 'worktrees')).map((name) => `worktree ${name} is left in ${folder}`),
  ]);
}

/** Processes whose command line or environment names the folder. Linux only; elsewhere nothing is found. */
function processOrphans(folder: string, expected: readonly number[]): string[] {
  const pids = listing('/proc').map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid && !expected.includes(pid));
  return pids.flatMap((pid) => {
    const [command, environment] = ['cmdline', 'environ'].map((name) => readProc(pid, name));
    return command!.includes(folder) || environment!.includes(folder) ? [`process ${pid} is left: ${command!.slice(0, 200)}`] : [];
  });
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // gone meanwhile, or another user's
  }
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
