import { isClusterUrl, redisNodes, terminal } from '@cascade/messages';
import { Redis, type RedisOptions } from 'ioredis';
import { connectorTo } from './cluster-connector.js';
import { keepAlive } from './keep-alive.js';
import type { RedisSettings } from './redis-settings.js';

/** Longest pause between two attempts to reach Redis. */
const MAX_RECONNECT_MS = 2_000;
/** A connection that is closed gets so long to end by itself; ioredis keeps the process for that time even when it had broken before. */
const CLOSE_MS = 200;
/**
 * A connection that answers nothing for so long is given up: half-open sockets never end by themselves, and consumers must
 * be at work again within 30 s. No wait for news is longer than a few seconds.
 */
export const SILENCE_MS = 10_000;

export interface ConnectionOptions extends Pick<RedisSettings, 'url' | 'keyPrefix'> {
  readonly name: string;
  /**
   * `commands` shares one connection and pipelines by itself; `waiting` blocks or subscribes. Both send again what was
   * unanswered when the connection broke (each of our scripts may be repeated; for what a lost reply leased there is
   * `WaitingConnection`): ioredis would neither answer nor reject it otherwise, and its owner would wait for ever.
   */
  readonly role: 'commands' | 'waiting';
  /** Longest silence before it is given up, in milliseconds. */
  readonly silenceMs?: number;
}

/**
 * A connection that comes back by itself for ever; `status` of ioredis tells where it stands. Not connected yet.
 * Throws `CASC_REDIS_URL_INVALID` (terminal).
 */
export function createConnection({ url, keyPrefix = '', name, role, silenceMs = SILENCE_MS }: ConnectionOptions): Redis {
  const nodes = redisNodes(url);
  const connection = new Redis(nodes[0], {
    ...(isClusterUrl(url) ? clusterOptions(nodes, keyPrefix) : {}),
    keyPrefix,
    lazyConnect: true,
    connectionName: name,
    maxRetriesPerRequest: null,
    enableAutoPipelining: role === 'commands',
    autoResendUnfulfilledCommands: true,
    autoResubscribe: false, // ioredis does it unawaited: a connection that is closed meanwhile would end the process; who listens subscribes at `ready`
    socketTimeout: silenceMs,
    disconnectTimeout: CLOSE_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_MS) * (0.75 + Math.random() / 2),
    reconnectOnError: (error) => (elsewhere.test(error.message) ? 2 : false),
  });
  return keepAlive(connection, silenceMs);
}

/**
 * A demoted master, or keys that another one owns by now or will soon: connect again, to whoever it is by then, and send
 * the command again. ASK and TRYAGAIN last as long as the keys are being moved; that partition waits for so long.
 */
const elsewhere = /^(READONLY|MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/;

function clusterOptions(nodes: readonly string[], keyPrefix: string): RedisOptions {
  if (keyPrefix === '') {
    throw terminal('CASC_REDIS_URL_INVALID', 'A Redis Cluster is used by partitions only.', { advice: 'Set CASCADE_PARTITIONS, and keep it for the life of the data.' });
  }
  return { Connector: connectorTo(nodes, keyPrefix) };
}

/** `Command aborted`: a pipeline broke in the middle of its answers. */
const passing = /^(LOADING|READONLY|OOM|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|BUSY\b|UNBLOCKED|Command aborted due to connection close)/;

/** Errors of a Redis that will serve again without us changing anything. */
export function isPassingTrouble(error: unknown): boolean {
  return error instanceof Error && passing.test(error.message);
}
