import { readFileSync, readdirSync } from 'node:fs';

/** Text of a /proc file, or nothing when the process is gone. */
function proc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** A process and everything it started, by process id. */
export function processTree(root: number): number[] {
  const found = [root];
  for (let index = 0; index < found.length; index += 1) {
    const pid = found[index]!;
    for (const thread of threads(pid)) {
      found.push(...proc(`${pid}/task/${thread}/children`).trim().split(' ').filter(Boolean).map(Number));
    }
  }
  return found;
}

/** Bytes of memory that processes really hold: anonymous and shared pages, not mapped files. */
export function memoryOf(pids: readonly number[]): number {
  let kibibytes = 0;
  for (const pid of pids) {
    for (const match of proc(`${pid}/status`).matchAll(/^Rss(?:Anon|Shmem):\s+(\d+)/gm)) kibibytes += Number(match[1]);
  }
  return kibibytes * 1024;
}

/**
 * True when a process no longer runs. A zombie counts as gone: the kernel ends every member of a pid namespace before its
 * first process becomes one, and a container without an init may never collect it.
 */
export function isGone(pid: number): boolean {
  const stat = proc(`${pid}/stat`);
  return stat === '' || /\) [ZX] /.test(stat);
}

/** Threads that a user already has on this machine: RLIMIT_NPROC counts them all. */
export function threadsOfUser(uid: number): number {
  let count = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = proc(`${entry}/status`);
    if (new RegExp(`^Uid:\\s+${uid}\\s`, 'm').test(status)) count += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
  }
  return count;
}
