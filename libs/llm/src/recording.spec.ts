import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isCascadeError, type CascadeError } from '@cascade/contracts';
import { MemoryRun, ScriptedModel } from '@cascade/testing';
import { Model } from './model.js';
import { requireModelConfig } from './model-config.js';
import { requestHash } from './recording.js';

let server: ScriptedModel;
let directory: string;
beforeEach(async () => {
  server = await ScriptedModel.start();
  directory = await mkdtemp(path.join(os.tmpdir(), 'recording-'));
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const noNetwork = (): Promise<Response> => Promise.reject(new Error('a replay reached for the network'));
const recorder = (env = {}) => new Model(requireModelConfig({ ...server.env, CASCADE_LLM_RECORD: directory, ...env }));
const player = () => new Model(requireModelConfig({ CASCADE_LLM_REPLAY: directory }), noNetwork);
const write = (model: Model, request: string) => model.text(new MemoryRun(), 'write', 'TestWriteText', [request]);
const files = async () => (await readdir(directory)).toSorted();
async function miss(request: string): Promise<CascadeError> {
  const error: unknown = await write(player(), request).then(() => undefined, (thrown: unknown) => thrown);
  if (isCascadeError(error)) return error;
  throw new Error(`no CascadeError but ${String(error)}`);
}

describe('recording and replay', () => {
  it('replays what was recorded, without a key, a model or a network', async () => {
    server.answer({ kind: 'completion', content: 'line 1\nline "2"\n', usage: { prompt: 5, completion: 6 } });
    expect(await write(recorder(), 'a\nb')).toBe('line 1\nline "2"\n');
    const run = new MemoryRun();
    expect(await player().text(run, 'write', 'TestWriteText', ['a\nb'])).toBe('line 1\nline "2"\n');
    expect(run.usage).toMatchObject({ promptTokens: 5, completionTokens: 6 });
  });

  it('writes one file that people can read, and no secret', async () => {
    server.answer({ kind: 'completion', content: 'x\ny' });
    await write(recorder(), 'a\nb');
    const [name] = await files();
    const text = await readFile(path.join(directory, name!), 'utf8');
    expect(name).toBe(`${requestHash({ messages: [{ role: 'user', content: 'a\nb' }] })}.json`);
    expect(JSON.parse(text)).toEqual({
      messages: [{ role: 'user', content: ['a', 'b'] }],
      answer: { model: 'scripted', finish_reason: 'stop', content: ['x', 'y'], usage: { prompt_tokens: 100, completion_tokens: 10 } },
    });
    expect(text).not.toContain('scripted-key');
  });

  it('finds an exchange by its conversation, whatever the model and its settings', async () => {
    server.answer('one', 'one');
    await write(recorder(), 'a');
    await write(recorder({ CASCADE_MODEL: 'another', CASCADE_MODEL_MAX_TOKENS: '99' }), 'a');
    expect(await files()).toHaveLength(1);
  });

  it('records corrections as exchanges of their own', async () => {
    const plan = { name: 'p', steps: [], limits: {}, owner: null, end: 'END' };
    server.answer('not JSON', { kind: 'json', value: plan });
    const call = (model: Model) => model.call(new MemoryRun(), 'plan', 'TestMakePlan', ['r', [], null]);
    expect(await call(recorder())).toEqual(plan);
    expect(await files()).toHaveLength(2);
    expect(await call(player())).toEqual(plan);
  });

  it('keeps a different second answer to the same conversation, in order, and forgets it when recording anew', async () => {
    const first = recorder();
    server.answer('one', 'two', 'two');
    for (const answer of ['one', 'two', 'two']) expect(await write(first, 'a')).toBe(answer);
    expect(await files()).toHaveLength(2);
    const played = player();
    for (const answer of ['one', 'two', 'two']) expect(await write(played, 'a')).toBe(answer);

    server.answer('three');
    await write(recorder(), 'a');
    expect(await files()).toHaveLength(1);
    expect(await write(player(), 'a')).toBe('three');
  });

  it('records no failure', async () => {
    server.answer({ kind: 'status', status: 401 });
    await expect(write(recorder(), 'a')).rejects.toMatchObject({ code: 'CASC_MODEL_UNAUTHORIZED' });
    expect(await files()).toEqual([]);
  });
});

describe('a replay miss', () => {
  it('shows where the nearest recorded prompt begins to differ, from both sides', async () => {
    server.answer('one', 'two');
    const model = recorder();
    await write(model, 'alpha\nbeta\ngamma\ndelta took 12 ms\nepsilon');
    await write(model, 'something\nelse');
    const error = await miss('alpha\nbeta\ngamma\ndelta took 15 ms\nepsilon');
    expect(error).toMatchObject({ kind: 'terminal', code: 'CASC_REPLAY_MISS' });
    expect(error.findings.slice(1)).toEqual([
      'first difference at line 5 of the prompt, column 13 (- recorded, + asked now):',
      '  alpha', '  beta', '  gamma', '- delta took 12 ms', '- epsilon', '+ delta took 15 ms', '+ epsilon',
    ]);
  });

  it('shows the part of a long line that differs', async () => {
    server.answer('one');
    await write(recorder(), `${'x'.repeat(5_000)}old${'y'.repeat(5_000)}`);
    const { findings } = await miss(`${'x'.repeat(5_000)}new${'y'.repeat(5_000)}`);
    expect(findings.filter((line) => /x(old|new)y/.test(line))).toHaveLength(2);
    expect(Math.max(...findings.map((line) => line.length))).toBeLessThan(200);
  });

  it('says when there is no recording at all', async () => {
    await rm(directory, { recursive: true });
    const error = await miss('a');
    expect(error.message).toContain(directory);
    expect(error.advice).toContain('CASCADE_LLM_REPLAY');
  });

  it('names a damaged recording', async () => {
    server.answer('one');
    await write(recorder(), 'a');
    const [name] = await files();
    await writeFile(path.join(directory, name!), '{"messages":[]}');
    await expect(write(player(), 'a')).rejects.toMatchObject({ code: 'CASC_RECORDING_INVALID', message: expect.stringContaining(name!) });
    expect((await miss('b')).findings).toEqual([`not a recording: ${name}`]);
  });
});
