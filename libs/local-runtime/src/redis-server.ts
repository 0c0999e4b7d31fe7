import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { terminal } from '@cascade/contracts';
import { askRedis } from './ask-redis.js';
import { withLibraries, type RedisProgram } from './redis-program.js';
import { runCommand, type Environment } from './run-command.js';

const START_ATTEMPTS = 5;
/** Loading a big append-only file takes a while; a server that is alive but silent for longer is given up. */
const START_TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 10;

export interface ServerSettings {
  readonly directory: string;
  /** Keeps an append-only file in `directory`, and lives on when this process is killed. */
  readonly persistent: boolean;
  /** Asked of every client; '' for none (tests). */
  readonly password: string;
  /** A fixed port, for a restart; a free one otherwise. */
  readonly port?: number;
  /** More lines of redis.conf, for servers that are part of a cluster or follow another one; a container does not get them. */
  readonly directives?: readonly string[];
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Process id; 0 for a container. */
  readonly pid: number;
  /** Ends it and waits until it is gone; persistent data is written first. */
  stop(): Promise<void>;
  /** Ends it without warning, as a crash would. */
  kill(): Promise<void>;
}

/**
 * Starts a private server, reachable from this machine only. Throws `CASC_REDIS_START_FAILED` with the server's last
 * words; a port that somebody else took meanwhile is not an error but a reason to try the next one.
 */
export async function startRedisServer(program: RedisProgram, settings: ServerSettings, env: Environment): Promise<RedisServer> {
  await mkdir(settings.directory, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    const port = settings.port ?? await freePort();
    const server = program.kind === 'docker' ? startContainer(program, settings, port, env) : startProgram(program, settings, port, env);
    try {
      await untilReady(server);
      return server;
    } catch (error) {
      await server.kill();
      const taken = /address already in use/i.test(server.lastWords());
      if (!taken || attempt === START_ATTEMPTS) {
        throw terminal('CASC_REDIS_START_FAILED', `The Redis server ${program.command} did not start: ${server.lastWords() || (error as Error).message}`, { cause: error });
      }
    }
  }
}

type Starting = RedisServer & { readonly hasEnded: () => boolean; readonly lastWords: () => string };

function serverUrl(port: number, password: string): string {
  return `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`;
}

function startProgram(program: RedisProgram & { kind: 'program' }, settings: ServerSettings, port: number, env: Environment): Starting {
  // The configuration goes in by stdin, so that the password shows in no process list.
  const child = spawn(program.command, ['-'], {
    cwd: settings.directory, env: withLibraries(env, program.libraries),
    stdio: ['pipe', 'pipe', 'pipe'], detached: settings.persistent,
  });
  const words = rememberOutput(child);
  child.stdin?.on('error', () => undefined); // it ended before it read; its exit is what is reported
  child.stdin?.end(configuration(settings, port));
  if (settings.persistent) letGo(child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  return {
    url: serverUrl(port, settings.password), port, pid: child.pid ?? 0,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined, lastWords: words,
    stop: () => end('SIGTERM'), kill: () => end('SIGKILL'),
  };
}

/** Paths in a configuration file are quoted, with the escapes that Redis knows. */
const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

function configuration(settings: ServerSettings, port: number): string {
  return [
    'bind 127.0.0.1', `port ${port}`, `dir ${quote(settings.directory)}`, 'save ""', 'maxmemory-policy noeviction',
    ...(settings.password === '' ? [] : [`requirepass ${settings.password}`]),
    ...(settings.persistent ? ['appendonly yes', 'appendfsync everysec', `logfile ${quote(path.join(settings.directory, 'redis.log'))}`] : ['appendonly no']),
    ...settings.directives ?? [],
    '',
  ].join('\n');
}

function startContainer(program: RedisProgram & { kind: 'docker' }, settings: ServerSettings, port: number, env: Environment): Starting {
  const name = `cascade-redis-${randomBytes(6).toString('hex')}`;
  const keep = settings.persistent ? ['--appendonly', 'yes'] : ['--appendonly', 'no'];
  const secret = settings.password === '' ? [] : ['--requirepass', settings.password];
  const child = spawn(program.command, [
    'run', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:6379`, '--volume', `${settings.directory}:/data`,
    program.image, 'redis-server', '--save', '', '--protected-mode', 'no', ...keep, ...secret,
  ], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: settings.persistent });
  const words = rememberOutput(child);
  if (settings.persistent) letGo(child);
  return {
    url: serverUrl(port, settings.password), port, pid: 0, hasEnded: () => child.exitCode !== null || child.pid === undefined, lastWords: words,
    stop: async () => { await runCommand([program.command, 'stop', name], { env }); },
    kill: async () => { await runCommand([program.command, 'rm', '--force', name], { env }); },
  };
}

/** The last lines of what it printed, for an error message. */
function rememberOutput(child: ChildProcess): () => string {
  let text = '';
  child.on('error', (error) => { text += error.message; });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (more: string) => { text = (text + more).slice(-4000); });
  return () => text.trim().split('\n').slice(-3).join(' ');
}

/** Does not keep this process alive, and is not ended together with it. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as net.Socket | null)?.unref();
}

async function untilReady(server: Starting): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await askRedis(server.url, [['PING']]);
      return;
    } catch (error) {
      if (server.hasEnded() || Date.now() > until) throw error;
    }
    await delay(LOOK_AGAIN_MS);
  }
}

/** A port that is free now. Another program may take it before the server does; starting tries again then. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
