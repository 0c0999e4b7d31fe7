import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isClusterUrl, MAX_PARTITIONS, parseEnvironment, partitionOf, partitionPrefixes, redisNodes } from '@cascade/contracts';
import { readEmbeddingsConfig, readModelConfig, type ModelConfig } from '@cascade/llm';
import type { Durability, RedisSettings } from '@cascade/streams';
import type { Redis } from 'ioredis';

const DAY_MS = 24 * 3_600_000;

const settings = z.object({
  REDIS_URL: z.string().refine(isRedisUrl, 'is redis://host:6379, rediss://… or redis+cluster://host:6379,host:6379').default('redis://127.0.0.1:6379'),
  CASCADE_PARTITIONS: z.coerce.number().int().min(1).max(MAX_PARTITIONS).default(1),
  CASCADE_HOME: z.string().min(1).optional(),
  CASCADE_CACHE: z.string().min(1).optional(),
  CASCADE_STORE: z.string().min(1).optional(),
  CASCADE_DOCS: z.string().min(1).optional(),
  CASCADE_GRAPH_ENGINE: z.enum(['kuzu', 'ladybug']).default('kuzu'),
  CASCADE_WORKSPACES: z.string().min(1).optional(),
  CASCADE_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(4),
  CASCADE_DURABILITY: z.string().regex(/^(replicas|disk):\d$/, 'is replicas:<n> or disk:<n>').optional(),
  CASCADE_CLAIM_IDLE_MS: z.coerce.number().int().min(100).max(3_600_000).default(30_000),
  CASCADE_MAX_DELIVERIES: z.coerce.number().int().min(1).max(1_000).default(5),
  CASCADE_HEALTH_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  CASCADE_RETENTION_DAYS: z.coerce.number().min(1 / 24).max(30).default(30),
  CASCADE_WORKSPACE_DRIVER: z.enum(['worktree', 'gitbutler', 'auto']).default('worktree'),
  CASCADE_COMMIT_MESSAGES: z.enum(['model', 'plain']).optional(),
  CASCADE_PROGRAM_CHANGE: z.enum(['fail', 'continue']).default('fail'),
});

/** What a service needs to know of the place where it runs; read from the environment, see README "Configuration". */
export class HostConfig {
  constructor(
    readonly redisUrl: string,
    /** Repository caches and dependency caches. */
    readonly cacheFolder: string,
    /** Checkouts of tasks; must be readable by the sandbox's user. */
    readonly workspacesFolder: string,
    /** Events that one service handles at the same time, in each partition. */
    readonly concurrency: number,
    /** A claim idle for so long, in milliseconds, belongs to a dead process and is taken over. */
    readonly claimIdleMs: number,
    readonly model: ModelConfig | undefined,
    /** Deliveries without a result (each was a crash or a stall) before an event goes to the dead letters. */
    readonly maxDeliveries: number = 5,
    private readonly durability?: Durability,
    /** What happens to a cascade whose handlers' code was changed while it ran. */
    readonly programChange: 'fail' | 'continue' = 'fail',
    /** What is too large for Redis; the same for all services, hence a shared volume when they run on several machines. */
    readonly storeFolder: string = join(cacheFolder, 'store'),
    private readonly partitionCount: number = 1,
    /** Where a process answers probes and gives its metrics; nowhere unless given. */
    readonly healthPort?: number,
    /** How long what Redis holds of a cascade outlives its end, in milliseconds. */
    readonly retentionMs: number = 30 * DAY_MS,
    /** The documentation graph and the facts that it is made of; one docs-indexer owns it. */
    readonly docsFolder: string = join(cacheFolder, 'docs'),
    readonly graphEngine: 'kuzu' | 'ladybug' = 'kuzu',
    /** Which model makes vectors of texts; none unless given. */
    readonly embeddings?: ModelConfig | undefined,
    /** Who words commits and pull requests. */
    readonly commitMessages: 'model' | 'plain' = 'plain',
    /** Whether stories are also spread over branches, and by what. */
    readonly workspaceDriver: 'worktree' | 'gitbutler' | 'auto' = 'worktree',
  ) {}

  /** How to reach each partition of the data. Everything about one cascade is in one of them. */
  get partitions(): readonly RedisSettings[] {
    return partitionPrefixes(this.partitionCount, isClusterUrl(this.redisUrl)).map((keyPrefix) => ({ url: this.redisUrl, keyPrefix, durability: this.durability }));
  }

  /** The number of the partition that a connection is to, as metrics tell it. */
  numberOf({ options }: Pick<Redis, 'options'>): string {
    return String(Math.max(0, this.partitions.findIndex(({ keyPrefix }) => (keyPrefix ?? '') === (options.keyPrefix ?? ''))));
  }

  /** Where tenants are, whichever partition their cascades are in. */
  get tenantsPartition(): RedisSettings {
    return this.partitions[0]!;
  }

  /** Where cascades on a repository are, by its name as the request gives it. */
  partitionFor(repository: string): RedisSettings {
    return this.partitions[partitionOf(repository, this.partitionCount)]!;
  }
}

/** Throws `CASC_CONFIGURATION_INVALID` (terminal) that names every wrong variable. */
export function readHostConfig(env: NodeJS.ProcessEnv): HostConfig {
  const values = parseEnvironment(settings, env);
  const home = values.CASCADE_HOME ?? stateFolder();
  const model = readModelConfig(env);
  return new HostConfig(
    values.REDIS_URL,
    values.CASCADE_CACHE ?? join(home, 'cache'),
    values.CASCADE_WORKSPACES ?? join(tmpdir(), `cascade-workspaces-${userInfo().uid}`),
    values.CASCADE_CONCURRENCY,
    values.CASCADE_CLAIM_IDLE_MS,
    model,
    values.CASCADE_MAX_DELIVERIES,
    durabilityOf(values.CASCADE_DURABILITY),
    values.CASCADE_PROGRAM_CHANGE,
    values.CASCADE_STORE ?? join(home, 'store'),
    values.CASCADE_PARTITIONS,
    values.CASCADE_HEALTH_PORT,
    values.CASCADE_RETENTION_DAYS * DAY_MS,
    values.CASCADE_DOCS ?? join(home, 'docs'),
    values.CASCADE_GRAPH_ENGINE,
    readEmbeddingsConfig(env),
    // A recording answers only what was asked when it was made.
    values.CASCADE_COMMIT_MESSAGES ?? (model === undefined || model.replayDirectory !== undefined ? 'plain' : 'model'),
    values.CASCADE_WORKSPACE_DRIVER,
  );
}

function isRedisUrl(url: string): boolean {
  try {
    return redisNodes(url).length > 0;
  } catch {
    return false;
  }
}

/** `replicas:1`: one replica has it in memory; `disk:1`: it is on the master's disk and on one replica's. */
function durabilityOf(text: string | undefined): Durability | undefined {
  const [what, replicas] = text?.split(':') ?? [];
  return what === undefined ? undefined : { replicas: Number(replicas), disk: what === 'disk' };
}

/** Default of CASCADE_HOME, by the XDG base directory specification. */
export function stateFolder(): string {
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'cascade');
}
