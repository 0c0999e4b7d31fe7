import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { StreamsHealth } from '@cascade/streams';

/** A service that has been silent for so long does nothing, whatever the reason: it should be started anew. */
export const DEAD_AFTER_MS = 60_000;

/**
 * Answers probes: `GET /live` (503 when a partition of the service has been silent for a minute) and `GET /ready` (503
 * when one is in trouble or silent), each with the figures as JSON. Rejects when the port is taken.
 */
export async function startHealthServer(port: number, healths: () => readonly StreamsHealth[]): Promise<Server> {
  const server = createServer((request, response) => {
    const all = healths();
    const isLive = all.every(({ silentMs }) => silentMs < DEAD_AFTER_MS);
    const isReady = isLive && all.every(({ trouble }) => trouble === undefined);
    const ok = new Map([['/live', isLive], ['/ready', isReady]]).get(request.url ?? '');
    response.writeHead(ok === undefined ? 404 : ok ? 200 : 503, { 'content-type': 'application/json' }).end(`${JSON.stringify(all)}\n`);
  });
  server.listen(port);
  await once(server, 'listening');
  server.unref();
  return server;
}
