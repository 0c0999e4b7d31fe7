import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiBench } from './testing/api-bench.js';
import { contractProblems } from './testing/contract-check.js';

let bench: ApiBench;
beforeAll(async () => { bench = await ApiBench.start({ partitions: 3 }); });
afterAll(async () => { await bench?.stop(); });

interface Answer { readonly status: number; readonly id: string; readonly code: string }

async function start(key: string, body: object, scope: 'run' | 'admin' = 'run'): Promise<Answer> {
  const response = await bench.ask('POST', '/v1/cascades', { scope, body, headers: { 'idempotency-key': key } });
  expect(await contractProblems('POST', '/v1/cascades', response)).toEqual([]);
  const { id, code } = await response.json() as { id: string; code: string };
  return { status: response.status, id, code };
}

/** Over all partitions. */
async function requested(): Promise<number> {
  const keys = await bench.raw.keys('*stream:cascade.requested');
  const counts = await Promise.all(keys.map((key) => bench.raw.xlen(key)));
  return counts.reduce((sum, count) => sum + count, 0);
}

const body = { request: 'Add codes', repository: '/srv/shop' };

describe('an Idempotency-Key', () => {
  it('makes one cascade of many requests, also at the same time', async () => {
    const before = await requested();
    const answers = await Promise.all(Array.from({ length: 8 }, () => start('order-1', body)));
    const started = answers.filter(({ status }) => status === 202);
    expect(answers.filter(({ status, code }) => status !== 202 && code !== 'CASC_IDEMPOTENCY_IN_PROGRESS')).toEqual([]);
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    expect(await start('order-1', body)).toMatchObject({ status: 202, id: started[0]!.id });
    expect(await requested()).toBe(before + 1);
  });

  it('is refused for another request, wherever that one would go', async () => {
    await start('order-2', body);
    expect(await start('order-2', { ...body, request: 'Something else' })).toMatchObject({ status: 422, code: 'CASC_IDEMPOTENCY_MISMATCH' });
    for (const repository of ['/srv/a', '/srv/b', '/srv/c', '/srv/d']) expect(await start('order-2', { ...body, repository })).toMatchObject({ status: 422 });
  });

  it('is one client\'s own', async () => {
    const [mine, theirs] = [await start('order-3', body), await start('order-3', body, 'admin')];
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(mine.id).not.toBe(theirs.id);
  });

  it('whose request is under way is told so, and is free again when the process died', async () => {
    const { id } = await start('order-4', body);
    const key = (await bench.raw.keys(`*api:request:${id}`))[0]!;
    const fingerprint = String(await bench.raw.get(key)).split(' ')[1]!;
    await bench.raw.set(key, `pending ${fingerprint}`);
    expect(await start('order-4', body)).toMatchObject({ status: 409, code: 'CASC_IDEMPOTENCY_IN_PROGRESS' });
    await bench.raw.del(key);
    expect(await start('order-4', body)).toMatchObject({ status: 202, id });
    expect(await bench.raw.pttl(key)).toBeGreaterThan(60_000);
  });

  it.each([[''], ['x'.repeat(201)], ['a b']])('%p is none', async (key) => {
    expect(await start(key, body)).toMatchObject({ status: 400, code: 'CASC_REQUEST_INVALID' });
  });
});

it('each partition gets what is its own, and a cascade is found in any', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, async (_, index) => (await start(`spread-${index}`, { ...body, repository: `/srv/repo-${index}` })).id));
  const keys = await bench.raw.keys('*stream:cascade.requested');
  expect(keys.length).toBe(3);
  for (const id of ids) expect((await bench.ask('GET', `/v1/cascades/${id}`)).status).toBe(200);
});

it('a password in an address is refused, and is stored nowhere', async () => {
  const response = await bench.ask('POST', '/v1/cascades', { scope: 'run', body: { ...body, repository: 'https://me:hunter2@example.com/a.git' } });
  expect([response.status, (await response.text()).includes('hunter2')]).toEqual([422, false]);
  for (const repository of ['shop', '../shop', 'ext::sh -c x', 'https://', '/srv/\u0000x', '-x']) {
    expect([repository, (await bench.ask('POST', '/v1/cascades', { scope: 'run', body: { ...body, repository } })).status]).toEqual([repository, 422]);
  }
});
