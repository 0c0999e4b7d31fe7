import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { untilTrue } from '@cascade/testing';
import { readApiConfig } from './api-config.js';
import { operations } from './contract/operations.js';
import { MAX_CLIENTS, RateLimits } from './http/rate-limits.js';
import { ApiBench } from './testing/api-bench.js';
import { contractProblems } from './testing/contract-check.js';

let bench: ApiBench;
let open: ApiBench;

beforeAll(async () => {
  bench = await ApiBench.start();
  open = await ApiBench.start({ needsToken: false });
});
afterAll(async () => {
  await bench?.stop();
  await open?.stop();
});

const addressOf = (path: string): string => path.replace('{path}', 'a.md').replaceAll(/\{(?:service)\}/g, 'agent').replaceAll(/\{\w+\}/g, '1-1');
const scopes = ['read', 'run', 'admin'] as const;

describe('with tokens', () => {
  it('every operation that is not public refuses who has none, and who may do less', async () => {
    for (const { method, path, scope } of operations) {
      const address = addressOf(path);
      const without = await bench.ask(method, address, { scope: 'none' });
      expect([path, await contractProblems(method, address, without)]).toEqual([path, []]);
      if (scope === 'public') expect([path, without.status]).toEqual([path, 200]);
      else expect([path, without.status, without.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer']);
      for (const less of scopes.slice(0, Math.max(0, scopes.indexOf(scope as 'read')))) {
        const response = await bench.ask(method, address, { scope: less });
        expect([path, less, response.status, (await response.json() as { code: string }).code]).toEqual([path, less, 403, 'CASC_SCOPE_NEEDED']);
      }
    }
  });

  it.each([['Bearer'], ['Bearer '], ['Bearer casc_wrong'], ['Basic eDp5'], ['bearer x y'], [`Bearer ${'x'.repeat(5_000)}`], ['Bearer \u00e4']])('%p lets nobody in', async (authorization) => {
    const response = await bench.ask('GET', '/v1/cascades', { scope: 'none', headers: { authorization } });
    expect(response.status).toBe(401);
  });

  it('a revoked token is refused', async () => {
    const token = await bench.tokens.create('short-lived', 'read');
    const status = async (): Promise<number> => (await bench.ask('GET', '/v1/cascades', { scope: 'none', headers: { authorization: `Bearer ${token}` } })).status;
    await untilTrue(async () => await status() === 200, 'the token to be known');
    await bench.tokens.revoke('short-lived');
    await untilTrue(async () => await status() === 401, 'the token to be refused');
    expect(await bench.tokens.find(token)).toBeUndefined();
  });

  it('a body is not read before its sender is known', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${bench.origin}/v1/cascades`, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': '100000' } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      request.on('error', reject);
      request.write('{');
    });
    expect(status).toBe(401);
  });
});

describe('without tokens', () => {
  const status = async (headers: Record<string, string>, method = 'GET'): Promise<number> => await new Promise<number>((resolve, reject) => {
    const request = httpRequest(`${open.origin}/v1/cascades${method === 'GET' ? '' : '/x/cancel'}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject).end();
  });

  it('programs and pages of this machine are served', async () => {
    expect(await status({})).toBe(200);
    expect(await status({ host: `localhost:${open.api.port}` })).toBe(200);
    expect(await status({ 'sec-fetch-site': 'same-origin', origin: open.origin })).toBe(200);
    expect(await status({}, 'POST')).toBe(404);
  });

  it('other sites\' pages are not, also under a name that points here', async () => {
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: `127.0.0.1.evil.example:${open.api.port}` })).toBe(403);
    expect(await status({ origin: 'null' }, 'POST')).toBe(403);
  });

  it('there is no CORS', async () => {
    const response = await open.ask('GET', '/v1/cascades', { scope: 'none' });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await bench.ask('OPTIONS', '/v1/cascades', { scope: 'none', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([404, null]);
  });
});

it('every answer has the security headers, errors too', async () => {
  for (const [method, address] of [['GET', '/v1/cascades'], ['GET', '/nowhere'], ['POST', '/v1/cascades'], ['GET', '/openapi.json'], ['GET', '/v1/cascades/%zz'], ['GET', `/v1/cascades/${'x'.repeat(13_000)}`]] as const) {
    const { headers, status } = await bench.ask(method, address);
    expect([address.slice(0, 30), status, headers.get('x-content-type-options'), headers.get('content-security-policy'), headers.get('cache-control'), headers.get('server'), headers.get('x-powered-by')])
      .toEqual([address.slice(0, 30), expect.any(Number), 'nosniff', 'default-src \'none\'; frame-ancestors \'none\'', 'no-store', null, null]);
  }
});

describe('rate limits', () => {
  it('refuse who sends too much, and nobody else', async () => {
    const limited = await ApiBench.start({ requestsPerMinute: 5 });
    try {
      const statuses: number[] = [];
      for (let index = 0; index < 7; index += 1) statuses.push((await limited.ask('GET', '/v1/cascades', { scope: 'read' })).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
      const refused = await limited.ask('GET', '/v1/cascades', { scope: 'read' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await contractProblems('GET', '/v1/cascades', refused)).toEqual([]);
      expect((await limited.ask('GET', '/v1/cascades', { scope: 'run' })).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });

  it('give requests back with time, and remember a bounded number of clients', () => {
    let now = 0;
    const limits = new RateLimits(60, () => now);
    for (let index = 0; index < 60; index += 1) expect(limits.take('a')).toBe(0);
    expect(limits.take('a')).toBe(1_000);
    now = 2_500;
    expect([limits.take('a'), limits.take('a'), limits.take('a')]).toEqual([0, 0, 500]);
    for (let index = 0; index < MAX_CLIENTS; index += 1) limits.take(`other ${index}`);
    expect(limits.take('a')).toBe(0);
  });
});

describe('configuration', () => {
  it('asks for tokens wherever others than this machine can reach it', () => {
    expect(readApiConfig({}).needsToken).toBe(false);
    expect(readApiConfig({ CASCADE_API_HOST: '::1' }).needsToken).toBe(false);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'api.example', '127.0.0.1.evil.example']) expect(readApiConfig({ CASCADE_API_HOST: host }).needsToken).toBe(true);
    expect(readApiConfig({ CASCADE_API_AUTH: 'token' }).needsToken).toBe(true);
    expect(() => readApiConfig({ CASCADE_API_PORT: 'x', CASCADE_API_AUTH: 'maybe' })).toThrow(/CASCADE_API_PORT.*CASCADE_API_AUTH/);
  });
});
