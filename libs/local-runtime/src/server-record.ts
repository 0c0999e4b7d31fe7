import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askRedis } from './ask-redis.js';

/**
 * The state file of a private server that outlives its starter. The password is what makes it ours: a server that
 * another program started on the recorded port later does not accept it.
 */
export interface ServerRecord {
  readonly port: number;
  readonly pid: number;
  readonly password: string;
}

const recordFile = (directory: string): string => path.join(directory, 'server.json');

export async function writeServerRecord(directory: string, record: ServerRecord): Promise<void> {
  const file = recordFile(directory);
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The URL of the recorded server when it still runs and is ours. */
export async function findRecordedServer(directory: string): Promise<string | undefined> {
  const record = parse(await readFile(recordFile(directory), 'utf8').catch(() => ''));
  if (record === undefined) return undefined;
  const url = `redis://:${record.password}@127.0.0.1:${record.port}`;
  try {
    await askRedis(url, [['PING']]);
    return url;
  } catch {
    return undefined; // gone, or somebody else's
  }
}

function parse(text: string): ServerRecord | undefined {
  try {
    const { port, pid, password } = JSON.parse(text) as Record<string, unknown>;
    const valid = Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536 && typeof password === 'string' && /^[0-9a-f]{32,}$/.test(password);
    return valid ? { port: Number(port), pid: Number(pid), password } : undefined;
  } catch {
    return undefined; // missing or cut off: as if there were none
  }
}
