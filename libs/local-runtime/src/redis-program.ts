import { terminal } from '@cascade/contracts';
import { unpackDebianProgram } from './debian-packages.js';
import { findExecutable, runCommand, type Environment } from './run-command.js';

/** How a Redis server can be started on this machine. */
export type RedisProgram =
  | { readonly kind: 'program'; readonly command: string; readonly libraries: string }
  | { readonly kind: 'docker'; readonly command: string; readonly image: string };

/** Streams need XAUTOCLAIM with deleted ids and `XADD NOMKSTREAM`; the stream reader relies on Redis 7 behaviour. */
const OLDEST_MAJOR = 7;

/**
 * The first of: `CASCADE_REDIS_SERVER`, `redis-server` or `valkey-server` on PATH (version 7 or later), an unpacked
 * Debian package in the cache folder, a Docker engine that answers. Throws `CASC_REDIS_UNAVAILABLE` with what to run.
 */
export async function findRedisProgram(env: Environment, cache: string): Promise<RedisProgram> {
  const onPath = findExecutable(['redis-server', 'valkey-server'], env);
  for (const command of [env['CASCADE_REDIS_SERVER'], onPath]) {
    if (command !== undefined && command !== '' && await isRecent(command, '', env)) return { kind: 'program', command, libraries: '' };
  }
  const unpacked = await unpackDebianProgram({ name: 'redis', packages: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' }, cache, env);
  if (unpacked !== undefined && await isRecent(unpacked.command, unpacked.libraries, env)) return { kind: 'program', ...unpacked };
  const docker = findExecutable(['docker'], env);
  if (docker !== undefined && (await runCommand([docker, 'info'], { env, timeoutMs: 10_000 })).code === 0) {
    return { kind: 'docker', command: docker, image: env['CASCADE_REDIS_IMAGE'] ?? 'redis:7-alpine' };
  }
  throw terminal('CASC_REDIS_UNAVAILABLE', `No Redis server (version ${OLDEST_MAJOR} or later) can be found or started on this machine.`, {
    advice: `${installCommand()}, or name a running one: REDIS_URL=redis://127.0.0.1:6379`,
  });
}

async function isRecent(command: string, libraries: string, env: Environment): Promise<boolean> {
  const version = await runCommand([command, '--version'], { env: withLibraries(env, libraries), timeoutMs: 10_000 });
  return Number(/\bv=(\d+)\./.exec(version.stdout)?.[1] ?? 0) >= OLDEST_MAJOR;
}

/** `env` in which an unpacked program finds its unpacked libraries; unchanged for programs of the system. */
export function withLibraries(env: Environment, libraries: string): Environment {
  if (libraries === '') return env;
  const others = env['LD_LIBRARY_PATH'] ?? '';
  return { ...env, LD_LIBRARY_PATH: others === '' ? libraries : `${libraries}:${others}` };
}

function installCommand(): string {
  if (process.platform === 'darwin') return 'Install one with: brew install redis';
  return 'Install one with: sudo apt-get install -y redis-server (or your system\'s package manager)';
}
