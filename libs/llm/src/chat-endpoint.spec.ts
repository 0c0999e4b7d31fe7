import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isCascadeError, terminal, type CascadeError } from '@cascade/contracts';
import { ScriptedModel, type ScriptedAnswer } from '@cascade/testing';
import { boundedFetch } from './bounded-fetch.js';
import { ChatEndpoint } from './chat-endpoint.js';
import { retryAfter } from './endpoint-errors.js';
import { requireModelConfig, type ModelConfig } from './model-config.js';

const messages = [{ role: 'user', content: 'hello' }] as const;
const wrong = (status: number, message = 'no', code?: string, param?: string): ScriptedAnswer => ({ kind: 'status', status, body: { error: { message, code, param } } });

let server: ScriptedModel;
beforeEach(async () => { server = await ScriptedModel.start(); });
afterEach(() => server.close());

function endpoint(change: Partial<ModelConfig> = {}): ChatEndpoint {
  const config = { ...requireModelConfig(server.env), retryDelaysMs: [0, 0, 0], ...change };
  return new ChatEndpoint(config, boundedFetch(fetch, { timeoutMs: config.timeoutMs, maxBytes: config.maxAnswerBytes }));
}

async function failure(answering: Promise<unknown>): Promise<CascadeError> {
  const error: unknown = await answering.then(() => undefined, (thrown: unknown) => thrown);
  if (isCascadeError(error)) return error;
  throw new Error(`no CascadeError but ${String(error)}`);
}
const ask = (change?: Partial<ModelConfig>, signal = new AbortController().signal) => endpoint(change).ask(messages, { signal });

describe('ChatEndpoint', () => {
  it('gives the text, the reason of its end, and the counted tokens', async () => {
    server.answer({ kind: 'completion', content: 'hi', finishReason: 'length', usage: { prompt: 7, completion: 2 } });
    expect(await ask({ price: { usdPer1MPrompt: 10, usdPer1MCompletion: 100 } })).toEqual({
      text: 'hi', finishReason: 'length', model: 'scripted', usage: { promptTokens: 7, completionTokens: 2, usd: 0.00027 },
    });
  });

  it('estimates the tokens that an endpoint does not count', async () => {
    server.answer({ kind: 'completion', content: 'x'.repeat(41), usage: null });
    expect((await ask()).usage).toEqual({ promptTokens: 6, completionTokens: 11, usd: 0 });
  });

  it.each([
    ['401', wrong(401, 'Incorrect API key provided: scripted-key.'), 'terminal', 'CASC_MODEL_UNAUTHORIZED', 'OPENAI_API_KEY'],
    ['403', wrong(403), 'terminal', 'CASC_MODEL_UNAUTHORIZED', 'OPENAI_API_KEY'],
    ['404', wrong(404, 'model not found'), 'terminal', 'CASC_MODEL_UNKNOWN', 'CASCADE_MODEL'],
    ['an empty account', wrong(429, 'quota', 'insufficient_quota'), 'terminal', 'CASC_MODEL_QUOTA_EXHAUSTED', 'credit'],
    ['a prompt beyond the context', wrong(400, 'long', 'context_length_exceeded'), 'terminal', 'CASC_MODEL_PROMPT_TOO_LARGE', 'context'],
    ['any other refusal', wrong(422), 'terminal', 'CASC_MODEL_REQUEST_REFUSED', 'CASCADE_MODEL'],
    ['a long wait', { kind: 'status', status: 429, headers: { 'retry-after': '61' } } as const, 'retryable', 'CASC_MODEL_RATE_LIMITED', 'later'],
  ])('does not ask again after %s', async (_name, answer, kind, code, advice) => {
    server.answer(answer);
    const error = await failure(ask());
    expect(error).toMatchObject({ kind, code });
    expect(error.advice).toContain(advice);
    expect(JSON.stringify(error.toProblem())).not.toContain('scripted-key');
    expect(server.requests).toHaveLength(1);
  });

  it('says how long to wait', async () => {
    server.answer({ kind: 'status', status: 429, headers: { 'retry-after': '61' } });
    expect((await failure(ask())).retryAfterMs).toBe(61_000);
  });

  it.each<[string, ScriptedAnswer, string]>([
    ['500', wrong(500), 'CASC_MODEL_UNAVAILABLE'],
    ['a lost connection', { kind: 'disconnect' }, 'CASC_MODEL_UNAVAILABLE'],
    ['a short wait', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }, 'CASC_MODEL_RATE_LIMITED'],
    ['a wait without a time', wrong(429), 'CASC_MODEL_RATE_LIMITED'],
    ['half a document', { kind: 'garbage', text: '{"choices":[' }, 'CASC_MODEL_ANSWER_GARBLED'],
    ['a page', { kind: 'garbage', text: '<html>', contentType: 'text/html' }, 'CASC_MODEL_ANSWER_GARBLED'],
    ['another document', { kind: 'garbage', text: '{"choices":[]}' }, 'CASC_MODEL_ANSWER_GARBLED'],
  ])('asks again after %s, a bounded number of times', async (_name, answer, code) => {
    server.answer(answer, answer, 'hi');
    expect(await ask()).toMatchObject({ text: 'hi' });
    server.answer(answer, answer, answer, answer);
    const error = await failure(ask());
    expect(error).toMatchObject({ kind: 'retryable', code });
    expect(error.message).toContain(server.baseURL);
    expect(server.requests).toHaveLength(7);
  });

  it('names the address and the cause when nothing listens there', async () => {
    const { baseURL } = server;
    await server.close();
    const error = await failure(ask({ baseURL }));
    expect(error).toMatchObject({ kind: 'retryable', code: 'CASC_MODEL_UNAVAILABLE' });
    expect(error.message).toContain(baseURL);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('ends an answer that does not come', async () => {
    server.answer({ kind: 'silence' });
    expect(await failure(ask({ timeoutMs: 1000 }))).toMatchObject({ kind: 'retryable', code: 'CASC_MODEL_TIMEOUT' });
    expect(server.requests).toHaveLength(1);
  });

  it('ends an answer without end', async () => {
    server.answer({ kind: 'endless' });
    expect(await failure(ask({ maxAnswerBytes: 1_000_000 }))).toMatchObject({ kind: 'terminal', code: 'CASC_MODEL_ANSWER_TOO_LARGE' });
    expect(server.requests).toHaveLength(1);
  });

  it('stops when its caller does: while waiting for an answer, and between attempts', async () => {
    const waiting = new AbortController();
    server.answer({ kind: 'silence' });
    const asked = failure(ask({}, waiting.signal));
    await server.received(1);
    waiting.abort();
    expect(await asked).toMatchObject({ kind: 'cancelled', code: 'CASC_CANCELLED' });

    const between = new AbortController();
    server.answer(() => { setImmediate(() => between.abort(terminal('CASC_DEADLINE', 'too late'))); return wrong(500); });
    expect(await failure(ask({ retryDelaysMs: [60_000] }, between.signal))).toMatchObject({ kind: 'terminal', code: 'CASC_DEADLINE' });
  });

  it('refuses a prompt beyond its bound before sending it', async () => {
    expect(await failure(ask({ maxPromptChars: 4 }))).toMatchObject({ code: 'CASC_MODEL_PROMPT_TOO_LARGE' });
    expect(server.requests).toHaveLength(0);
  });

  it('learns which parameters a model refuses', async () => {
    const one = endpoint();
    server.answer(wrong(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", 'unsupported_parameter', 'max_tokens'),
      wrong(400, "'temperature' does not support 0 with this model.", 'unsupported_value', 'temperature'), 'hi', 'ho');
    const { signal } = new AbortController();
    expect(await one.ask(messages, { signal })).toMatchObject({ text: 'hi' });
    expect(await one.ask(messages, { signal })).toMatchObject({ text: 'ho' });
    expect(server.requests).toHaveLength(4);
    expect(server.requests[3]?.body).toMatchObject({ max_completion_tokens: 16_384 });
    expect(Object.keys(server.requests[3]?.body ?? {})).not.toEqual(expect.arrayContaining(['temperature']));
  });
});

describe('retryAfter', () => {
  it.each([
    [{}, undefined], [{ 'retry-after': '3' }, 3000], [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 9000],
    [{ 'retry-after': 'soon' }, undefined], [{ 'retry-after': '-3' }, 0], [{ 'retry-after-ms': '20', 'retry-after': '3' }, 20],
  ])('reads %j', (headers, ms) => {
    expect(retryAfter(new Headers(headers as Record<string, string>), 1000)).toBe(ms);
  });
});
