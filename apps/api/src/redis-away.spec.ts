import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { untilTrue } from '@cascade/testing';
import { ApiBench } from './testing/api-bench.js';
import { contractProblems } from './testing/contract-check.js';

let bench: ApiBench;
beforeAll(async () => { bench = await ApiBench.start(); });
afterAll(async () => { await bench?.stop(); });

const body = { request: 'Add codes', repository: '/srv/shop' };
const post = (): Promise<Response> => bench.ask('POST', '/v1/cascades', { scope: 'run', body });

it('refuses at once what Redis is needed for while it is away, and goes on when it is back', async () => {
  expect((await post()).status).toBe(202);
  await bench.server.kill();
  await untilTrue(async () => (await post()).status === 503, 'a refusal');
  const refused = await post();
  expect(await contractProblems('POST', '/v1/cascades', refused)).toEqual([]);
  expect(await refused.json()).toMatchObject({ code: 'CASC_REDIS_AWAY' });
  expect(refused.headers.get('retry-after')).toBe('2');
  expect((await bench.ask('GET', '/v1/cascades')).status).toBe(503);
  expect((await bench.ask('GET', '/ready', { scope: 'none' })).status).toBe(503);
  expect((await bench.ask('GET', '/live', { scope: 'none' })).status).toBe(200);
  await bench.server.restart();
  await untilTrue(async () => (await post()).status === 202, 'an accepted request');
});
