import { askRedis, cacheDirectory, findRedisProgram, startRedisServer, type RedisServer } from '@cascade/local-runtime';
import { removeTemporaryFolder, temporaryFolder } from './temporary-folder.js';
import { untilTrue } from './until-true.js';

/** Joining a master takes a few round trips of the two servers, each of which looks once a second. */
const JOIN_MS = 60_000;

/** A private server for one test file: own port, own folder, no password, nothing on disk that outlives it. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** Ends it as a crash does; with `persistent` the data survives until `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after `kill` or from running; data is kept only with `persistent`. */
  restart(): Promise<void>;
  /** SIGSTOP: alive and silent, as behind a broken network. `resume`, `kill` and `stop` work meanwhile. */
  pause(): void;
  resume(): void;
}

export interface TestRedisOptions {
  /** Keeps an append-only file, for tests that kill and restart it. */
  readonly persistent?: boolean;
  /** More lines of redis.conf. */
  readonly directives?: readonly string[];
}

const running = new Set<TestRedis>();

/** Starts a real Redis server. */
export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const directory = temporaryFolder('redis');
  const program = await findRedisProgram(process.env, cacheDirectory(process.env));
  const start = (port?: number): Promise<RedisServer> => startRedisServer(program, {
    directory, persistent: options.persistent ?? false, password: '', directives: options.directives ?? [], ...(port === undefined ? {} : { port }),
  }, process.env);
  let server = await start();
  const redis: TestRedis = {
    url: server.url,
    port: server.port,
    kill: () => server.kill(),
    pause: () => { process.kill(server.pid, 'SIGSTOP'); },
    resume: () => { process.kill(server.pid, 'SIGCONT'); },
    restart: async () => {
      await server.stop();
      server = await start(server.port);
    },
    stop: async () => {
      await server.kill();
      running.delete(redis);
      removeTemporaryFolder(directory);
    },
  };
  running.add(redis);
  return redis;
}

export interface TestReplica extends TestRedis {
  /**
   * Makes it the master, at the address of the old one, which has to be dead: what a fail-over behind a fixed address
   * (a service, a virtual IP) looks like to clients. It has no replica of its own then.
   */
  promote(): Promise<void>;
  /** SIGSTOP, and the line to the master is cut: nothing that is written from now on reaches it, not even into its buffers. */
  lag(): Promise<void>;
}

/** Starts a server that follows `master`; resolves when it has everything and the master counts it. */
export async function startTestReplica(master: Pick<TestRedis, 'url' | 'port'>): Promise<TestReplica> {
  await askRedis(master.url, [['CONFIG', 'SET', 'repl-diskless-sync-delay', '0']]); // else it waits 5 s for more replicas
  const replica = await startTestRedis({ directives: [`replicaof 127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay 0'] });
  const told = async (url: string): Promise<string> => (await askRedis(url, [['INFO', 'replication']]).catch(() => ['']))[0] ?? '';
  await untilTrue(async () => /master_link_status:up/.test(await told(replica.url)) && new RegExp(`port=${replica.port},state=online`).test(await told(master.url)), 'the replica to follow', JOIN_MS);
  return {
    ...replica,
    promote: async () => { await askRedis(replica.url, [['REPLICAOF', 'NO', 'ONE'], ['CONFIG', 'SET', 'port', String(master.port)]]); },
    lag: async () => {
      replica.pause();
      await askRedis(master.url, [['CLIENT', 'KILL', 'TYPE', 'replica']]);
    },
  };
}

/** Servers that a test file started and did not stop. */
export function runningTestRedis(): readonly TestRedis[] {
  return [...running];
}
