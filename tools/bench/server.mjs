import { cacheDirectory, findRedisProgram, startRedisServer } from '@cascade/local-runtime';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Runs `work` with the address of a private Redis that keeps nothing, found as the tests find theirs. */
export async function withServer(work) {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'cascade-bench-redis-'));
  const program = await findRedisProgram(process.env, cacheDirectory(process.env));
  const server = await startRedisServer(program, { directory, persistent: false, password: '' }, process.env);
  try {
    await work(server.url);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
