import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { ensureBwrap } from '@cascade/local-runtime';
import { removeTemporaryFolder, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { allKeys } from './all-keys.js';

/** Takeovers within seconds. Each service has one process, so that a stall of the machine gives its work to nobody else. */
export const CLAIM_IDLE_MS = 1_000;

/** Everything of one round: a Redis with an append-only file, folders, and the environment of the services. */
export class Place {
  private constructor(
    readonly folder: string,
    readonly server: TestRedis,
    /** The harness's own connection, never through a fault. */
    readonly redis: Redis,
    readonly env: Readonly<NodeJS.ProcessEnv>,
  ) {}

  /** `env`: what the services get beside the settings of the place, e.g. the address of a model. */
  static async open(env: Readonly<Record<string, string>> = {}): Promise<Place> {
    const server = await startTestRedis({ persistent: true });
    const folder = temporaryFolder('chaos');
    chmodSync(folder, 0o755); // the sandbox's own user reads workspaces below it
    for (const name of ['home', 'workspaces', 'logs']) mkdirSync(path.join(folder, name), { mode: 0o755 });
    const redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined); // a scenario may kill the server; it comes back
    return new Place(folder, server, redis, {
      PATH: process.env['PATH'], ...await ensureBwrap(process.env), REDIS_URL: server.url,
      CASCADE_HOME: path.join(folder, 'home'), CASCADE_WORKSPACES: path.join(folder, 'workspaces'),
      CASCADE_CLAIM_IDLE_MS: String(CLAIM_IDLE_MS), CASCADE_MAX_DELIVERIES: '1000', ...env,
    });
  }

  get cache(): string {
    return path.join(this.folder, 'home', 'cache');
  }

  get workspaces(): string {
    return path.join(this.folder, 'workspaces');
  }

  /** Ids of all cascades that were ever accepted here. */
  cascades(): Promise<string[]> {
    return this.redis.zrange('cascades', '0', '-1');
  }

  keys(): Promise<string[]> {
    return allKeys(this.redis);
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.server.stop();
    removeTemporaryFolder(this.folder);
  }
}
