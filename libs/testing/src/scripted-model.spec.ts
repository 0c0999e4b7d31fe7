import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedModel } from './scripted-model.js';

let server: ScriptedModel;
beforeEach(async () => { server = await ScriptedModel.start(); });
afterEach(() => server.close());

const ask = (content: string, init: RequestInit = {}) => fetch(`${server.baseURL}/chat/completions`, {
  method: 'POST', body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }), headers: { authorization: 'Bearer k' }, ...init,
});
const content = async (response: Response): Promise<unknown> => (await response.json() as { choices: { message: { content: string } }[] }).choices[0]?.message.content;

describe('ScriptedModel', () => {
  it('answers from its queue, in order, by text or by function', async () => {
    server.answer('one', (request) => `you said ${request.prompt}`, { kind: 'json', value: { a: 1 } });
    expect(await content(await ask('x'))).toBe('one');
    expect(await content(await ask('y'))).toBe('you said y');
    expect(await content(await ask('z'))).toBe('{"a":1}');
    expect(server.requests.map(({ model, authorization, prompt }) => [model, authorization, prompt])).toEqual([['m', 'Bearer k', 'x'], ['m', 'Bearer k', 'y'], ['m', 'Bearer k', 'z']]);
  });

  it('refuses what nothing answers, and shows a script\'s own error', async () => {
    expect((await ask('x')).status).toBe(400);
    server.answer(() => { throw new Error('no such scene'); });
    const response = await ask('y');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('no such scene');
  });

  it('sends statuses with headers, and text that is no completion', async () => {
    server.answer({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { kind: 'garbage', text: '<html>' });
    const limited = await ask('x');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await (await ask('y')).text()).toBe('<html>');
  });

  it('drops the connection, stays silent, or does not end', async () => {
    server.answer({ kind: 'disconnect' }, { kind: 'silence' }, { kind: 'endless' });
    await expect(ask('x')).rejects.toThrow('fetch failed');
    const controller = new AbortController();
    const silent = ask('y', { signal: controller.signal });
    await server.received(2);
    controller.abort(new Error('enough'));
    await expect(silent).rejects.toThrow('enough');
    const reader = (await ask('z')).body!.getReader();
    let bytes = 0;
    while (bytes < 5_000_000) bytes += (await reader.read()).value?.byteLength ?? Number.NaN;
    await reader.cancel();
    expect(bytes).toBeGreaterThanOrEqual(5_000_000);
  });
});
