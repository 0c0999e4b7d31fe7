import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import type { StreamsHealth } from '@cascade/streams';
import { DEAD_AFTER_MS, startHealthServer } from './health-server.js';

it('tells a service that works from one in trouble and from one that has fallen silent', async () => {
  const well: StreamsHealth = { silentMs: 900, trouble: undefined };
  let other = well;
  const server = await startHealthServer(0, () => [well, other]);
  const { port } = server.address() as AddressInfo;
  const ask = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  expect([await ask('/live'), await ask('/ready'), await ask('/')]).toEqual([200, 200, 404]);
  other = { silentMs: 5_000, trouble: 'connect ECONNREFUSED' };
  expect([await ask('/live'), await ask('/ready')]).toEqual([200, 503]);
  other = { silentMs: DEAD_AFTER_MS, trouble: undefined };
  expect([await ask('/live'), await ask('/ready')]).toEqual([503, 503]);
  server.closeAllConnections();
  server.close();
});
