import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SeededRandom, payloadSamples } from '@cascade/testing';
import fc from 'fast-check';
import type { z } from 'zod';
import { MAX_BODY_BYTES } from './http/http-server.js';
import { operations } from './contract/operations.js';
import { ApiBench } from './testing/api-bench.js';
import { contractProblems } from './testing/contract-check.js';

const seed = Number(process.env['CASCADE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const REQUESTS = 800;

/** In Redis' answers, errors and settings: nothing of it may ever come out. */
const CANARY = 'c4n4ry-5ecr3t-d0-n0t-t3ll';

let bench: ApiBench;
/** Nobody answers what is no mistake. */
beforeAll(async () => { bench = await ApiBench.start({ answerMs: 20 }); });
afterAll(async () => { await bench?.stop(); });

const words = ['', 'x', '0', '-1', '1e9', 'NaN', '../../etc/passwd', '%2e%2e%2f', '..', '\u0000', '\ud800', '😀', 'a'.repeat(5_000), '{{7*7}}', '\'; DROP', '* * *', '__proto__', 'constructor', '1-1', 'null', '\r\nx: y', 'cascade:x', 'stream:x'];
const values: unknown[] = [null, true, 0, -1, 1.5, 2 ** 60, [], {}, [[[[]]]], ...words];

function mutated(random: SeededRandom, value: unknown): unknown {
  if (random.chance(0.3) || typeof value !== 'object' || value === null) return random.pick(values);
  if (Array.isArray(value)) return random.chance(0.5) ? [...value as unknown[], random.pick(values)] : value.map((one: unknown) => mutated(random, one));
  const entries = Object.entries(value);
  const at = random.below(Math.max(1, entries.length));
  if (random.chance(0.2)) return { ...value, [random.pick(words)]: random.pick(values) };
  return Object.fromEntries(entries.flatMap(([name, one], index) => (index !== at ? [[name, one]] : random.chance(0.2) ? [] : [[name, mutated(random, one)]])));
}

describe(`malformed requests (seed ${seed})`, () => {
  it('are refused with a problem that the document has, or are no mistake; none is a defect, none ends the process', async () => {
    const random = new SeededRandom(seed);
    const samples = new Map(operations.filter(({ body }) => body !== undefined).map(({ id, body }) => [id, fc.sample(payloadSamples(body as z.ZodType), { numRuns: 5, seed })]));
    const batch = async (): Promise<void> => {
      const operation = random.pick(operations.filter(({ answers }) => answers[200]?.contentType !== 'text/event-stream')); // those end when the client does
      const path = operation.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(random.pick(words).replaceAll('\ud800', '') || 'x'));
      const query = operation.query !== undefined && random.chance(0.7) ? `?${new URLSearchParams([[random.pick([...Object.keys(operation.query.shape), 'nobody']), random.pick(words)]]).toString()}` : '';
      const body = operation.body === undefined ? undefined : random.chance(0.1) ? random.pick(['', '{', '[1,2', '"', '{"__proto__":{}}', '\u0000']) : mutated(random, random.pick(samples.get(operation.id)!));
      const address = path + query;
      const response = await bench.ask(operation.method, address, { body, ...(random.chance(0.05) ? { headers: { 'content-type': random.pick(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16']) } } : {}) });
      expect([operation.id, address.slice(0, 200), response.status === 500 ? await response.clone().text() : 'no defect']).toEqual([operation.id, address.slice(0, 200), 'no defect']);
      const known = response.status === 404 || response.status === 400 ? [] : await contractProblems(operation.method, operation.path.replaceAll(/\{\w+\}/g, 'x'), response);
      expect(known).toEqual([]);
      if (response.status >= 400) expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    };
    for (let sent = 0; sent < REQUESTS; sent += 25) await Promise.all(Array.from({ length: 25 }, batch));
    expect((await bench.ask('GET', '/live')).status).toBe(200);
  });

  it.each([
    ['not JSON', '{', 400], ['a list', '[]', 400], ['an unknown field', '{"request":"x","repository":"/a","admin":true}', 400], ['prototypes', '{"__proto__":{"x":1},"request":"x","repository":"/a"}', 400],
    ['too much', JSON.stringify({ request: 'x'.repeat(MAX_BODY_BYTES), repository: '/a' }), 413], ['nested too deep', '['.repeat(100_000), 400],
  ])('a body that is %s', async (_, body, status) => {
    const response = await bench.ask('POST', '/v1/cascades', { body });
    expect(response.status).toBe(status);
    expect(await contractProblems('POST', '/v1/cascades', response)).toEqual([]);
  });

  it('paths that lead out of a repository', async () => {
    await bench.accept('here');
    for (const path of ['..%2f..%2fetc%2fpasswd', '%2e%2e/x', 'a/%2e%2e/b', '.git/config', 'a%00b', '%2fetc%2fpasswd', 'C:%5cx', 'a%5cb', 'x/.git%e2%80%8c/y', 'a//b']) {
      const response = await bench.ask('GET', `/v1/cascades/here/artefacts/${path}`);
      expect([path, [400, 404].includes(response.status)]).toEqual([path, true]);
    }
  });

  it.each(['GARBAGE\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /v1/cascades HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(5_000)}\r\n`, 'POST /v1/cascades HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'])('what is no HTTP: %p', async (text) => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(bench.api.port, '127.0.0.1');
      let all = '';
      socket.on('data', (chunk: Buffer) => { all += chunk.toString('latin1'); }).on('close', () => resolve(all)).on('error', () => resolve(all));
      socket.write(text);
    });
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect((await bench.ask('GET', '/live')).status).toBe(200);
  });
});

describe('secrets', () => {
  it('are in no answer and no line of the log, whatever goes wrong', async () => {
    await bench.redis.hset('cascade:broken', { state: CANARY });
    await bench.redis.set('cascade:wrong-type', CANARY);
    await bench.redis.set('dead:agent', CANARY);
    const bearer = `casc_${CANARY}`;
    const answers: Response[] = [];
    for (const [method, address] of [['GET', '/v1/cascades/broken'], ['GET', '/v1/cascades/wrong-type'], ['POST', '/v1/cascades/wrong-type/cancel'], ['GET', '/v1/dead-letters?service=agent'], ['GET', '/v1/nowhere'], ['POST', '/v1/cascades']] as const) {
      answers.push(await bench.ask(method, address), await bench.ask(method, address, { scope: 'none', headers: { authorization: `Bearer ${bearer}` } }));
    }
    answers.push(await bench.ask('POST', '/v1/cascades', { body: { request: CANARY, repository: `https://x:${CANARY}@example.com/a` } }));
    const texts = await Promise.all(answers.map(async (response) => `${response.status} ${await response.text()} ${JSON.stringify([...response.headers])}`));
    expect(texts.filter((text) => text.startsWith('500')).length).toBeGreaterThan(2);
    const everything = [...texts, ...bench.logger.lines].join('\n');
    expect(everything).not.toContain(CANARY);
    for (const scope of ['read', 'run', 'admin'] as const) expect(everything).not.toContain(bench.token(scope));
    expect(bench.logger.lines.filter((line) => line.includes('urn:uuid:')).length).toBeGreaterThan(2);
  });
});
