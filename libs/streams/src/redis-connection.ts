import { Redis } from 'ioredis';
import type { RedisSettings } from './redis-settings.js';

/** Longest pause between two attempts to reach Redis. */
const MAX_RECONNECT_MS = 2_000;
/** A connection that answers nothing for so long, with a command waiting, is given up: half-open sockets never end by themselves. */
const SOCKET_TIMEOUT_MS = 30_000;

export interface ConnectionOptions extends Pick<RedisSettings, 'url'> {
  readonly name: string;
  /**
   * `commands` shares one connection and pipelines by itself; `waiting` blocks or subscribes. Both send again what was
   * unanswered when the connection broke (each of our scripts may be repeated, and a wait leases nothing): ioredis would
   * neither answer nor reject it otherwise, and its owner would wait for ever.
   */
  readonly role: 'commands' | 'waiting';
}

/** A connection that comes back by itself for ever; `status` of ioredis tells where it stands. Not connected yet. */
export function createConnection({ url, name, role }: ConnectionOptions): Redis {
  return new Redis(url, {
    lazyConnect: true,
    connectionName: name,
    maxRetriesPerRequest: null,
    enableAutoPipelining: role === 'commands',
    autoResendUnfulfilledCommands: true,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_MS) * (0.75 + Math.random() / 2),
    // A demoted master: connect again, to whoever is the master by then, and send the command again.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  });
}

const passing = /^(LOADING|READONLY|OOM|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|BUSY\b|UNBLOCKED)/;

/** Errors of a Redis that will serve again without us changing anything. */
export function isPassingTrouble(error: unknown): boolean {
  return error instanceof Error && passing.test(error.message);
}
