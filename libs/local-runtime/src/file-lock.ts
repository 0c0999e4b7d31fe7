import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { terminal } from '@cascade/contracts';

const WAIT_MS = 180_000;
const LOOK_AGAIN_MS = 50;

/**
 * Runs `fn` while no other process of this machine runs one under the same lock file. The file holds the owner's process
 * id, so that the lock of a killed process does not block anybody. Throws `CASC_LOCKED` after three minutes.
 */
export async function withFileLock<T>(file: string, fn: () => Promise<T>): Promise<T> {
  const until = Date.now() + WAIT_MS;
  while (!(await take(file))) {
    if (Date.now() > until) {
      throw terminal('CASC_LOCKED', `Another process keeps ${file} locked for more than ${WAIT_MS / 1000} s.`, { advice: `If no other cascade command is running, remove the file: rm ${file}` });
    }
    await delay(LOOK_AGAIN_MS);
  }
  try {
    return await fn();
  } finally {
    await rm(file, { force: true });
  }
}

/** The file appears together with its owner's id (a link to a finished file), so that no crash leaves an ownerless lock. */
async function take(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(own, String(process.pid), { mode: 0o600 });
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
  if (await isAbandoned(file)) await rm(file, { force: true });
  return false;
}

async function isAbandoned(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  return owner > 0 && !isAlive(owner);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
