import type { Redis } from 'ioredis';

/** What ioredis keeps of its own watch; it has no public name. */
interface Watch {
  socketTimeoutTimer: NodeJS.Timeout | undefined;
}

/**
 * Lets a connection notice in time that the other side is gone, whatever it is used for. `silenceMs` (its `socketTimeout`)
 * only counts while an answer is awaited, hence a question in between: a subscriber and a connection that is seldom used
 * would not learn for hours that theirs is a half-open socket, and one after the other when one waits for the next.
 *
 * ioredis watches the socket on which it began to wait. When that one is cut its timer stays, and the next socket is not
 * watched: a black hole right after a reset would be waited for without end. Hence the timer goes with the socket.
 */
export function keepAlive(connection: Redis, silenceMs: number): Redis {
  const watch = connection as unknown as Watch;
  const timer = setInterval(() => {
    if (connection.status === 'ready') connection.ping().catch(() => undefined); // its failure closes the connection
  }, silenceMs / 2).unref();
  connection.on('close', () => {
    clearTimeout(watch.socketTimeoutTimer);
    watch.socketTimeoutTimer = undefined;
  });
  return connection.on('end', () => clearInterval(timer));
}
