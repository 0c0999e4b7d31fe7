import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isCascadeError, type CascadeError } from '@cascade/contracts';
import { failOnLeaks, removeTemporaryFolder, temporaryFolder } from '@cascade/testing';
import { readGitHubConfig, requireCredentials } from './github-config.js';

failOnLeaks();

function refusalOf(work: () => unknown): CascadeError {
  try {
    work();
  } catch (error) {
    if (isCascadeError(error)) return error as CascadeError;
    throw error;
  }
  throw new Error('it was accepted');
}

const pem = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;

describe('readGitHubConfig', () => {
  let folder: string;
  beforeAll(() => { folder = temporaryFolder('github-config'); });
  afterAll(() => removeTemporaryFolder(folder));

  it('has a default for all but the credentials', () => {
    const config = readGitHubConfig({ CASCADE_GITHUB_TOKEN: ' ' });
    expect(config).toEqual({
      api: 'https://api.github.com', web: 'https://github.com', host: 'github.com', credentials: undefined, hasLimits: true, webhookSecrets: [], markerSecret: undefined,
      label: 'cascade', tracker: 'rest', mcp: undefined, webhookPort: 8788, sweepMinutes: 5,
    });
    expect(refusalOf(() => requireCredentials(config.credentials))).toMatchObject({ code: 'CASC_GITHUB_NOT_CONFIGURED', kind: 'terminal', advice: expect.stringContaining('CASCADE_GITHUB_TOKEN') });
  });

  it.each([
    ['https://api.github.com/', 'https://github.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://github.example.org/api/v3', 'https://github.example.org'],
    ['https://api.example.org/api/v3/', 'https://api.example.org'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ])('knows that what is served at %s is for people at %s', (api, web) => {
    expect(readGitHubConfig({ CASCADE_GITHUB_API: api })).toMatchObject({ web, host: web.replace(/^https?:\/\//, '') });
  });

  it.each([['pem', pem], ['in one line', pem.trim().replaceAll('\n', String.raw`\n`)]])('takes the key of an App as %s', (_, key) => {
    const credentials = requireCredentials(readGitHubConfig({ CASCADE_GITHUB_APP_ID: '12', CASCADE_GITHUB_PRIVATE_KEY: key }).credentials);
    expect(credentials.kind === 'app' && credentials.privateKey.reveal().trim()).toBe(pem.trim());
  });

  it('takes the key of an App from a file', () => {
    const file = path.join(folder, 'key.pem');
    writeFileSync(file, pem);
    expect(readGitHubConfig({ CASCADE_GITHUB_APP_ID: '12', CASCADE_GITHUB_PRIVATE_KEY: file }).credentials).toMatchObject({ kind: 'app', appId: '12' });
  });

  it('derives the secret of markers from the webhook\'s, else from the credentials, and differs from both', () => {
    const marker = (env: Record<string, string>): string | undefined => readGitHubConfig(env).markerSecret?.reveal();
    const byToken = marker({ CASCADE_GITHUB_TOKEN: 'one' });
    expect(byToken).toMatch(/^[\w-]{43}$/);
    expect(marker({ CASCADE_GITHUB_TOKEN: 'one' })).toBe(byToken);
    expect(marker({ CASCADE_GITHUB_TOKEN: 'two' })).not.toBe(byToken);
    expect(marker({ CASCADE_GITHUB_TOKEN: 'two', CASCADE_GITHUB_WEBHOOK_SECRETS: 'one, other' })).toBe(byToken);
    expect(marker({ CASCADE_GITHUB_TOKEN: 'two', CASCADE_GITHUB_MARKER_SECRET: 'sixteen characters' })).toBe('sixteen characters');
  });

  it('takes an MCP server as a command, a list of words, or an address', () => {
    const mcp = (given: string): unknown => readGitHubConfig({ CASCADE_GITHUB_TOKEN: 't', CASCADE_GITHUB_TRACKER: 'mcp', CASCADE_GITHUB_MCP: given }).mcp;
    expect(mcp('github-mcp-server  stdio')).toEqual({ kind: 'command', argv: ['github-mcp-server', 'stdio'] });
    expect(mcp('["/my programs/server", "stdio"]')).toEqual({ kind: 'command', argv: ['/my programs/server', 'stdio'] });
    expect(mcp('https://mcp.example.org/mcp/')).toEqual({ kind: 'url', url: 'https://mcp.example.org/mcp/' });
    for (const wrong of ['[]', '[1]', '["a"', 'http://mcp.example.org']) expect(refusalOf(() => mcp(wrong)).findings).toEqual([expect.stringContaining('CASCADE_GITHUB_MCP')]);
  });

  it('names every wrong variable, and shows no value', () => {
    const error = refusalOf(() => readGitHubConfig({
      CASCADE_GITHUB_TOKEN: 'canary one', CASCADE_GITHUB_PRIVATE_KEY: 'canary', CASCADE_GITHUB_API: 'http://canary.example.org', CASCADE_GITHUB_MARKER_SECRET: 'canary',
      CASCADE_GITHUB_LABEL: 'canary,', CASCADE_GITHUB_TRACKER: 'canary', CASCADE_WEBHOOK_PORT: 'canary', CASCADE_GITHUB_SWEEP_MINUTES: '0',
    }));
    expect(error.code).toBe('CASC_CONFIGURATION_INVALID');
    expect(new Set(error.findings.map((finding) => finding.split(':')[0]))).toEqual(new Set(['API', 'LABEL', 'MARKER_SECRET', 'SWEEP_MINUTES', 'TOKEN', 'TRACKER'].map((name) => `CASCADE_GITHUB_${name}`).concat('CASCADE_WEBHOOK_PORT')));
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
  });

  it.each([
    [{ CASCADE_GITHUB_PRIVATE_KEY: pem }, 'CASCADE_GITHUB_APP_ID'],
    [{ CASCADE_GITHUB_APP_ID: '1' }, 'CASCADE_GITHUB_PRIVATE_KEY'],
    [{ CASCADE_GITHUB_APP_ID: '1', CASCADE_GITHUB_PRIVATE_KEY: '/no/such/file' }, 'CASCADE_GITHUB_PRIVATE_KEY'],
    [{ CASCADE_GITHUB_APP_ID: '1', CASCADE_GITHUB_PRIVATE_KEY: pem, CASCADE_GITHUB_TOKEN: 't' }, 'CASCADE_GITHUB_TOKEN'],
    [{ CASCADE_GITHUB_TRACKER: 'mcp', CASCADE_GITHUB_TOKEN: 't' }, 'CASCADE_GITHUB_MCP'],
    [{ CASCADE_GITHUB_TRACKER: 'mcp', CASCADE_GITHUB_MCP: 'server', CASCADE_GITHUB_APP_ID: '1', CASCADE_GITHUB_PRIVATE_KEY: pem }, 'CASCADE_GITHUB_TOKEN'],
  ])('refuses what does not go together (%#)', (env, named) => {
    expect(refusalOf(() => readGitHubConfig(env)).findings).toEqual([expect.stringContaining(named)]);
  });

  it.each([
    { CASCADE_GITHUB_TOKEN: 'canary-token', CASCADE_GITHUB_WEBHOOK_SECRETS: 'canary-one,canary-two', CASCADE_GITHUB_MARKER_SECRET: 'canary-marker-secret' },
    { CASCADE_GITHUB_APP_ID: '1', CASCADE_GITHUB_PRIVATE_KEY: pem },
  ])('holds secrets that no way of printing shows (%#)', (env) => {
    const config = readGitHubConfig(env);
    const shown = [JSON.stringify(config), inspect(config, { depth: 9, showHidden: true }), String(Object.values(config)), JSON.stringify({ ...config.credentials })].join();
    expect(shown).toContain('[secret]');
    expect(shown).not.toMatch(/canary|BEGIN/);
  });
});
