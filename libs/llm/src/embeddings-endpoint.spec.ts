import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddingsEndpoint } from './embeddings-endpoint.js';
import { readEmbeddingsConfig } from './model-config.js';

let server: Server;
let answer: () => { status: number; body: string };
const asked: { path: string | undefined; body: unknown; key: string | undefined }[] = [];
const env = (): Record<string, string> => ({ OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, OPENAI_API_KEY: 'secret-key', CASCADE_EMBEDDINGS_MODEL: 'small' });
const endpoint = (): EmbeddingsEndpoint => new EmbeddingsEndpoint(readEmbeddingsConfig(env())!);
const never = new AbortController().signal;

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString()), key: request.headers.authorization });
      const { status, body } = answer();
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterEach(() => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }));

describe('EmbeddingsEndpoint', () => {
  it('gives one vector per text, in their order, whatever the order of the answer', async () => {
    answer = () => ({ status: 200, body: JSON.stringify({ object: 'list', data: [{ index: 1, embedding: [3, 4] }, { index: 0, embedding: [1, 2] }], model: 'small' }) });
    expect(await endpoint().embed(['a', 'b'], never)).toEqual([[1, 2], [3, 4]]);
    expect(asked).toEqual([{ path: '/v1/embeddings', body: { model: 'small', input: ['a', 'b'], encoding_format: 'float' }, key: 'Bearer secret-key' }]);
  });

  it.each([
    ['too few vectors', { status: 200, body: '{"data":[]}' }, 'CASC_MODEL_ANSWER_GARBLED'],
    ['something else', { status: 200, body: '{"data":[{"index":0,"embedding":["x"]}]}' }, 'CASC_MODEL_ANSWER_GARBLED'],
    ['a refused key', { status: 401, body: '{"error":{"message":"no secret-key"}}' }, 'CASC_MODEL_UNAUTHORIZED'],
    ['a broken endpoint', { status: 500, body: '{}' }, 'CASC_MODEL_UNAVAILABLE'],
  ])('says what is wrong with %s, and never the key', async (_name, said, code) => {
    answer = () => said;
    const error = await endpoint().embed(['a'], never).catch((thrown: unknown) => thrown) as { code: string; toProblem(): unknown };
    expect(error.code).toBe(code);
    expect(JSON.stringify(error.toProblem())).not.toContain('secret-key');
  });
});

describe('readEmbeddingsConfig', () => {
  it('is nothing unless a model is named and there is an endpoint to ask', () => {
    expect(readEmbeddingsConfig({ OPENAI_API_KEY: 'k' })).toBeUndefined();
    expect(readEmbeddingsConfig({ CASCADE_EMBEDDINGS_MODEL: 'small' })).toBeUndefined();
    expect(readEmbeddingsConfig({ CASCADE_EMBEDDINGS_MODEL: 'small', OPENAI_API_KEY: 'k' })).toMatchObject({ model: 'small', baseURL: 'https://api.openai.com/v1' });
    expect(readEmbeddingsConfig({ CASCADE_EMBEDDINGS_MODEL: 'small', CASCADE_LLM_REPLAY: '/x' })).toBeUndefined();
  });
});
