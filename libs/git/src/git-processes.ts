import { readdir, readFile } from 'node:fs/promises';

/**
 * Live processes of this machine whose environment has `name=value`: every git that we start carries such marks, and
 * so does every helper that it starts, also when the process that started it was killed. Undefined where processes
 * cannot be looked at (no /proc).
 */
export async function findMarkedProcesses(name: string, value: string): Promise<number[] | undefined> {
  const names = await readdir('/proc').catch(() => undefined);
  if (names === undefined) return undefined;
  const marker = Buffer.from(`${name}=${value}\0`);
  const found: number[] = [];
  for (const id of names) {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) continue;
    const environment = await readFile(`/proc/${id}/environ`).catch(() => undefined);
    if (environment?.includes(marker) === true) found.push(Number(id));
  }
  return found;
}

const LOOKS = 100;
const LOOK_MS = 20;

/** Ends the git processes that a killed worker left behind, by their mark, and waits until they are gone. */
export async function endMarkedProcesses(name: string, value: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const ids = await findMarkedProcesses(name, value);
    if (ids === undefined || ids.length === 0) return;
    for (const id of ids) {
      try {
        process.kill(id, 'SIGKILL');
      } catch { /* it ended by itself */ }
    }
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
}
