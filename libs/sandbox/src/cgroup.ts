import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MOUNT = '/sys/fs/cgroup';
const PREFIX = 'cascade-';
/** The kernel needs a moment to empty a control group after its last process died. */
const REMOVE_TRIES = 50;
const REMOVE_PAUSE_MS = 20;

/** A throw-away control group of one run: the exact limit of memory and processes. */
export interface ControlGroup {
  readonly kind: 'cgroup-v2' | 'cgroup-v1';
  /** Moves a process in; its later children are born inside. */
  join(pid: number): void;
  killAll(): void;
  outOfMemory(): boolean;
  remove(): Promise<void>;
}

interface Place {
  readonly kind: ControlGroup['kind'];
  readonly memory: string;
  readonly processes: string;
}

function attempt(file: string, value: string | number): void {
  try {
    writeFileSync(file, String(value));
  } catch {
    // Optional knobs: swap accounting and group kill are not in every kernel.
  }
}

/** Our own groups, below which we may create: the outer limits go on counting. */
function findPlace(): Place | undefined {
  try {
    const own = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n').map((line) => line.split(':'));
    if (existsSync(join(MOUNT, 'cgroup.controllers'))) {
      const folder = join(MOUNT, own.find((parts) => parts[1] === '')?.[2] ?? '/');
      const controllers = readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8');
      return controllers.includes('memory') ? { kind: 'cgroup-v2', memory: folder, processes: folder } : undefined;
    }
    const path = (controller: string): string | undefined => own.find((parts) => parts[1]?.split(',').includes(controller))?.[2];
    const memory = path('memory');
    const processes = path('pids');
    if (memory === undefined || processes === undefined) return undefined;
    return { kind: 'cgroup-v1', memory: join(MOUNT, 'memory', memory), processes: join(MOUNT, 'pids', processes) };
  } catch {
    return undefined;
  }
}

async function removeFolder(folder: string): Promise<void> {
  for (let left = REMOVE_TRIES; left > 0; left -= 1) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      if (!existsSync(folder)) return;
      await delay(REMOVE_PAUSE_MS);
    }
  }
}

function counted(file: string, word: RegExp): boolean {
  try {
    return Number(word.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) > 0;
  } catch {
    return false;
  }
}

function versionTwo(folder: string, memoryBytes: number, processes: number): ControlGroup {
  mkdirSync(folder);
  writeFileSync(join(folder, 'memory.max'), String(memoryBytes));
  writeFileSync(join(folder, 'pids.max'), String(processes));
  attempt(join(folder, 'memory.swap.max'), 0);
  attempt(join(folder, 'memory.oom.group'), 1);
  return {
    kind: 'cgroup-v2',
    join: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    killAll: () => attempt(join(folder, 'cgroup.kill'), 1),
    outOfMemory: () => counted(join(folder, 'memory.events'), /oom_kill (\d+)/),
    remove: () => removeFolder(folder),
  };
}

function versionOne(memory: string, pids: string, memoryBytes: number, processes: number): ControlGroup {
  mkdirSync(memory);
  mkdirSync(pids);
  writeFileSync(join(memory, 'memory.limit_in_bytes'), String(memoryBytes));
  writeFileSync(join(pids, 'pids.max'), String(processes));
  attempt(join(memory, 'memory.memsw.limit_in_bytes'), memoryBytes);
  return {
    kind: 'cgroup-v1',
    join: (pid) => {
      writeFileSync(join(memory, 'cgroup.procs'), String(pid));
      writeFileSync(join(pids, 'cgroup.procs'), String(pid));
    },
    killAll: () => undefined,
    outOfMemory: () => counted(join(memory, 'memory.oom_control'), /oom_kill (\d+)/),
    remove: async () => {
      await removeFolder(memory);
      await removeFolder(pids);
    },
  };
}

/** A group for one run, or nothing where groups cannot be written (an unprivileged service, most pods). */
export function createControlGroup(memoryBytes: number, processes: number): ControlGroup | undefined {
  const place = findPlace();
  if (place === undefined) return undefined;
  const name = `${PREFIX}${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    if (place.kind === 'cgroup-v2') return versionTwo(join(place.memory, name), memoryBytes, processes);
    return versionOne(join(place.memory, name), join(place.processes, name), memoryBytes, processes);
  } catch {
    for (const folder of new Set([place.memory, place.processes])) attemptRemove(join(folder, name));
    return undefined;
  }
}

function attemptRemove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Never made, or still in use by a process that is alive.
  }
}

function placeFolders(): readonly string[] {
  const place = findPlace();
  return place === undefined ? [] : [...new Set([place.memory, place.processes])];
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // /proc names a group, but this container or chroot does not mount it: then we never made any there
  }
}

/** Removes groups that processes which no longer exist have left behind. */
export function sweepControlGroups(folders: readonly string[] = placeFolders()): void {
  for (const folder of folders) {
    for (const name of entries(folder)) {
      const owner = /^cascade-(\d+)-[0-9a-f]{12}$/.exec(name)?.[1];
      if (owner !== undefined && !existsSync(`/proc/${owner}`)) attemptRemove(join(folder, name));
    }
  }
}
