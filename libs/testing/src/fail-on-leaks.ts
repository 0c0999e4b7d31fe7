import { readdirSync, readFileSync } from 'node:fs';
import { jestGlobals } from './jest-globals.js';
import { remainingTemporaryFolders, removeTemporaryFolders } from './temporary-folder.js';
import { runningTestRedis } from './test-redis.js';
import { untilTrue } from './until-true.js';

/** How long a process that was told to end may take. */
const GRACE_MS = 2_000;

/**
 * Call it once at the top of a spec: after its last test, the file fails when it left a Redis server, a child process or
 * a temporary folder behind. What is left is removed either way, so that one leak fails one file.
 */
export function failOnLeaks(): void {
  const { afterAll, beforeAll } = jestGlobals;
  let before: ReadonlySet<string>;
  beforeAll(() => { before = new Set(childProcesses()); });
  afterAll(async () => {
    const servers = runningTestRedis();
    const left = (): string[] => childProcesses().filter((child) => !before.has(child));
    await untilTrue(() => left().length === 0, 'child processes to end', GRACE_MS).catch(() => undefined);
    const findings = [
      ...servers.map((redis) => `Redis server on port ${redis.port}`),
      ...(servers.length > 0 ? [] : left().map((child) => `process ${child}`)),
      ...remainingTemporaryFolders().map((folder) => `folder ${folder}`),
    ];
    await Promise.all(servers.map((redis) => redis.stop()));
    removeTemporaryFolders();
    if (findings.length > 0) throw new LeakError(`This file leaves behind:\n  ${findings.join('\n  ')}`);
  });
}

export class LeakError extends Error {
  override readonly name = 'LeakError';
}

/** Living children of this process with their program's name, as `<pid> <name>`; none where there is no /proc. */
export function childProcesses(): string[] {
  return listProcesses().flatMap((pid) => {
    const match = /^\d+ \((.*)\) (\S) (\d+)/.exec(statOf(pid));
    return match !== null && match[2] !== 'Z' && Number(match[3]) === process.pid ? [`${pid} ${match[1]}`] : [];
  });
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // not Linux
  }
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
