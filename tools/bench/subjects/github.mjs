import { once } from 'node:events';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { service } from '@cascade/github-webhook';
import { readHostConfig, startService } from '@cascade/service-host';

/** CPU time of the process so far, in microseconds. */
async function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The floor: reads the body and answers 202. */
export async function bare() {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end(`{"bytes":${Buffer.concat(chunks).length}}\n`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: async () => server.address().port, cpuUs };
}

/** The service as it runs: Nest, the transport, a real Redis. */
export async function webhook(url, { secret }) {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((closed) => { free.close(closed); });
  const env = { ...process.env, REDIS_URL: url, CASCADE_HOME: path.join(os.tmpdir(), `cascade-bench-${process.pid}`), CASCADE_WEBHOOK_PORT: String(port), CASCADE_GITHUB_WEBHOOK_SECRETS: secret, CASCADE_GITHUB_TOKEN: '', CASCADE_GITHUB_APP_ID: '', CASCADE_GITHUB_PRIVATE_KEY: '' };
  await startService(service, readHostConfig(env), undefined, env);
  return { port: async () => port, cpuUs };
}
