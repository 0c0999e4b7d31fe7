import { cacheDirectory, findRedisProgram, startRedisServer, type RedisServer } from '@cascade/local-runtime';
import { removeTemporaryFolder, temporaryFolder } from './temporary-folder.js';

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
}

const running = new Set<TestRedis>();

/** Starts a real Redis server. `persistent` keeps an append-only file, for tests that kill and restart it. */
export async function startTestRedis(options: { readonly persistent?: boolean } = {}): Promise<TestRedis> {
  const directory = temporaryFolder('redis');
  const program = await findRedisProgram(process.env, cacheDirectory(process.env));
  const start = (port?: number): Promise<RedisServer> => startRedisServer(program, {
    directory, persistent: options.persistent ?? false, password: '', ...(port === undefined ? {} : { port }),
  }, process.env);
  let server = await start();
  const redis: TestRedis = {
    url: server.url,
    port: server.port,
    kill: () => server.kill(),
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

/** Servers that a test file started and did not stop. */
export function runningTestRedis(): readonly TestRedis[] {
  return [...running];
}
