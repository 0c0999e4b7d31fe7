import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { untilTrue } from '@cascade/testing';
import { ApiConfig, readApiConfig } from './api-config.js';
import { operations } from './contract/operations.js';
import { RateLimits } from './http/rate-limits.js';
import { startApi } from './start-api.js';
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
  it('refuse who sends too much to all processes together, and nobody else; probes are never counted', async () => {
    const limited = await ApiBench.start({ requestsPerMinute: 5 });
    const second = await startApi(limited.host, new ApiConfig(0, '127.0.0.1', true, limited.tokens.file, 5), limited.logger);
    const ask = (port: number, scope: 'read' | 'run'): Promise<Response> => fetch(`http://127.0.0.1:${port}/v1/cascades`, { headers: { authorization: `Bearer ${limited.token(scope)}` } });
    try {
      const answers: Response[] = [];
      for (let index = 0; index < 7; index += 1) answers.push(await ask(index % 2 === 0 ? limited.api.port : second.port, 'read'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
      expect(answers.map(({ headers }) => headers.get('ratelimit')?.split(';')[1])).toEqual(['r=4', 'r=3', 'r=2', 'r=1', 'r=0', 'r=0', 'r=0']);
      const refused = await limited.ask('GET', '/v1/cascades', { scope: 'read' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('ratelimit-policy')).toBe('"minute";q=5;w=60');
      expect(await contractProblems('GET', '/v1/cascades', refused)).toEqual([]);
      expect((await ask(second.port, 'run')).status).toBe(200);
      for (let index = 0; index < 10; index += 1) expect((await limited.ask('GET', '/ready', { scope: 'none' })).status).toBe(200);
    } finally {
      await second.stop();
      await limited.stop();
    }
  });

  it('give requests back with time, and remember a bounded number of clients', async () => {
    const key = redisKeys.apiRates;
    const limits = (): RateLimits => new RateLimits(bench.redis, 60, 3); // another process each time
    for (let index = 0; index < 60; index += 1) expect(await limits().take('a')).toMatchObject({ waitMs: 0, left: 59 - index });
    expect((await limits().take('a')).waitMs).toBeGreaterThan(0);
    await bench.redis.zincrby(key, -2_000_000, 'a'); // as if two seconds had passed
    expect([await limits().take('a'), await limits().take('a')].map(({ waitMs }) => waitMs)).toEqual([0, 0]);
    for (let index = 0; index < 10; index += 1) await limits().take(`other ${index}`);
    expect(await bench.redis.zcard(key)).toBe(3);
    expect(await bench.redis.zscore(key, 'a')).not.toBeNull(); // who has sent most is forgotten last
    expect(await bench.redis.pttl(key)).toBeGreaterThan(0);
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
