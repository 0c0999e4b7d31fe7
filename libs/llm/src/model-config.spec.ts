import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { CascadeError } from '@cascade/contracts';
import { modelSource, readModelConfig, requireModelConfig, type Environment } from './model-config.js';

function refusalOf(env: Environment): CascadeError {
  try {
    requireModelConfig(env);
  } catch (error) {
    if (error instanceof CascadeError) return error;
    throw error;
  }
  throw new Error('a configuration was accepted');
}

describe('readModelConfig', () => {
  it('gives nothing for an environment that names no model', () => {
    expect(readModelConfig({ OPENAI_API_KEY: ' ', CASCADE_MODEL: 'gpt' })).toBeUndefined();
  });

  it('takes OpenAI for a key alone, and bounds for everything', () => {
    expect(readModelConfig({ OPENAI_API_KEY: 'sk-1', CASCADE_MODEL: 'gpt' })).toMatchObject({
      baseURL: 'https://api.openai.com/v1', model: 'gpt', price: { usdPer1MPrompt: 0, usdPer1MCompletion: 0 }, maxTokens: 16_384, timeoutMs: 290_000,
    });
  });

  it('takes any endpoint, without a key, and the limits and prices that are set', () => {
    const config = readModelConfig({
      OPENAI_BASE_URL: 'http://localhost:11434/v1', CASCADE_MODEL: 'qwen', CASCADE_MODEL_MAX_TOKENS: '100', CASCADE_MODEL_TIMEOUT_MS: '5000',
      CASCADE_USD_PER_1M_PROMPT_TOKENS: '0.5', CASCADE_USD_PER_1M_COMPLETION_TOKENS: '2',
    });
    expect(config).toMatchObject({ baseURL: 'http://localhost:11434/v1', maxTokens: 100, timeoutMs: 5000, price: { usdPer1MPrompt: 0.5, usdPer1MCompletion: 2 } });
    expect(config).not.toHaveProperty('apiKey');
  });

  it('takes a recording without a model or a key', () => {
    expect(readModelConfig({ CASCADE_LLM_REPLAY: '/tapes' })).toMatchObject({ replayDirectory: '/tapes', model: 'recorded' });
  });
});

describe('requireModelConfig', () => {
  it('names the three ways to configure a model', () => {
    const error = refusalOf({});
    expect(error).toMatchObject({ kind: 'terminal', code: 'CASC_MODEL_NOT_CONFIGURED' });
    for (const way of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'CASCADE_LLM_REPLAY', 'CASCADE_MODEL']) expect(error.advice).toContain(way);
  });

  it('says so when only the model is missing', () => {
    const error = refusalOf({ OPENAI_API_KEY: 'sk-1' });
    expect(error.code).toBe('CASC_MODEL_NOT_CONFIGURED');
    expect(error.message).toContain('CASCADE_MODEL is not set');
  });

  it('names every variable that cannot be used, and shows no value', () => {
    const error = refusalOf({
      OPENAI_BASE_URL: 'http://user:hunter2@host/v1', CASCADE_MODEL: 'm', CASCADE_MODEL_MAX_TOKENS: 'many', CASCADE_MODEL_TIMEOUT_MS: '999999999',
      CASCADE_USD_PER_1M_PROMPT_TOKENS: '-1',
    });
    expect(error.code).toBe('CASC_MODEL_CONFIG_INVALID');
    expect(error.findings.map((finding) => finding.split(':')[0])).toEqual(['OPENAI_BASE_URL', 'CASCADE_USD_PER_1M_PROMPT_TOKENS', 'CASCADE_MODEL_MAX_TOKENS', 'CASCADE_MODEL_TIMEOUT_MS']);
    expect(JSON.stringify(error.toProblem())).not.toContain('hunter2');
  });

  it.each(['ftp://host/v1', 'localhost:11434', 'file:///etc/passwd'])('refuses the address %s', (address) => {
    expect(refusalOf({ OPENAI_BASE_URL: address, CASCADE_MODEL: 'm' }).code).toBe('CASC_MODEL_CONFIG_INVALID');
  });

  it('refuses to record and replay at once', () => {
    expect(refusalOf({ CASCADE_LLM_RECORD: '/a', CASCADE_LLM_REPLAY: '/b' }).findings).toEqual([expect.stringContaining('CASCADE_LLM_RECORD')]);
  });

  it('never shows the key', () => {
    const config = requireModelConfig({ OPENAI_API_KEY: 'sk-hidden', CASCADE_MODEL: 'm' });
    expect(`${JSON.stringify(config)} ${inspect(config, { depth: 9 })} ${String(config.apiKey)}`).not.toContain('sk-hidden');
    expect(config.apiKey?.redact('bad key sk-hidden.')).toBe('bad key [secret].');
    expect(config.apiKey?.reveal()).toBe('sk-hidden');
  });
});

describe('modelSource', () => {
  it.each([
    [{ CASCADE_LLM_REPLAY: '/tapes' }, 'recorded answers from /tapes'],
    [{ OPENAI_API_KEY: 'k', CASCADE_MODEL: 'gpt-x' }, 'gpt-x at https://api.openai.com/v1'],
    [{ OPENAI_BASE_URL: 'http://host/v1/?token=t', CASCADE_MODEL: 'q', CASCADE_LLM_RECORD: '/tapes' }, 'q at http://host/v1, recording to /tapes'],
  ])('describes %j', (env, line) => {
    expect(modelSource(requireModelConfig(env))).toBe(line);
  });
});
