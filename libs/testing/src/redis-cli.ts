import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheDirectory, findRedisProgram } from '@cascade/local-runtime';

/**
 * Runs `redis-cli` (the one beside the server that tests start), as any outside client would; gives what it prints.
 * For tests that prove that Cascade needs no client library of ours.
 */
export async function redisCli(url: string, ...args: string[]): Promise<string> {
  const program = await findRedisProgram(process.env, cacheDirectory(process.env));
  const beside = path.join(path.dirname(program.command), 'redis-cli');
  const libraries = program.kind === 'program' ? program.libraries : '';
  return execFileSync(existsSync(beside) ? beside : 'redis-cli', ['-u', url, ...args], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...(libraries === '' ? {} : { LD_LIBRARY_PATH: libraries }) },
  }).trim();
}
