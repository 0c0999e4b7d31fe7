import { once } from 'node:events';
import { HostConfig } from '@cascade/service-host';
import { ApiConfig, startApi } from '@cascade/api';
import fastify from 'fastify';
import { Redis } from 'ioredis';

/** As much JSON as the status of a cascade that has ten tasks. */
const sample = (bytes) => ({ id: 'x', text: 'x'.repeat(bytes) });

/** The floor: a route of Fastify without anything, which answers as many bytes. */
export async function bare(url, { bytes }) {
  const server = fastify();
  server.get('/status/:id', async () => sample(bytes));
  return listening(server);
}

/** The floor of what has to look: the same route reads one hash. */
export async function bareRedis(url, { bytes }) {
  const redis = new Redis(url, { enableAutoPipelining: true });
  const server = fastify();
  server.get('/status/:id', async (request) => ({ ...sample(bytes), state: (await redis.hgetall(`cascade:${request.params.id}`)).state }));
  return listening(server);
}

async function listening(server) {
  await server.listen({ port: 0, host: '127.0.0.1' });
  return subject(server.server.address().port);
}

/** The API as it runs in production, without tokens because it is bound to this machine. */
export async function cascade(url) {
  const host = new HostConfig(url, '/nonexistent', '/nonexistent', 4, 5_000, undefined, 5, undefined, 'fail', '/nonexistent');
  const api = await startApi(host, new ApiConfig(0, '127.0.0.1', false, '/nonexistent', 10_000_000, 100_000));
  return subject(api.port);
}

/** Driven from outside by HTTP; over IPC it only tells what it used. */
function subject(port) {
  return {
    port: async () => port,
    usage: async () => {
      globalThis.gc?.();
      const { user, system } = process.cpuUsage();
      return { cpuUs: user + system, bytes: process.memoryUsage().rss };
    },
    close: async () => { setImmediate(() => process.exit()); await once(process, 'exit'); },
  };
}
