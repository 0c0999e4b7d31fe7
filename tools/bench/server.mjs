import { cacheDirectory, findRedisProgram, startRedisServer } from '@cascade/local-runtime';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Runs `work` with the addresses of two private Redis servers that keep nothing, found as the tests find theirs; gives what it gives. */
export async function withServers(work) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'cascade-bench-redis-'));
  const program = await findRedisProgram(process.env, cacheDirectory(process.env));
  const start = () => startRedisServer(program, { directory, persistent: false, password: '' }, process.env);
  const servers = [await start(), await start()];
  try {
    return await work(...servers.map(({ url }) => url));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  }
}
