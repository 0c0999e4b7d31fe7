import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { terminal } from './errors.js';
import { knowSecretsOf } from './known-secrets.js';
import { redact, REDACTED } from './redact.js';
import { Secret } from './secret.js';

const key = 'kö+y/with "every" character';
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
createPrivateKey(pem);

describe('a secret that the process knows', () => {
  it('is replaced in every form in which it gets into a text', () => {
    expect(new Secret(key).reveal()).toBe(key);
    const forms = [key, JSON.stringify({ key }), JSON.stringify(JSON.stringify('x')) + JSON.stringify(key), `https://host/?key=${encodeURIComponent(key)}`];
    for (const user of ['', 'u', 'us', 'use', 'x-access-token']) forms.push(`Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`, `Proxy ${Buffer.from(`${user}:${key}:more`).toString('base64')}`, Buffer.from(`${user}${key}`).toString('base64url'));
    const halves = [key.slice(0, 14), Buffer.from(key).toString('base64').slice(6, 20)];
    for (const form of forms) {
      const clean = redact(`before ${form} after`);
      expect(clean).toMatch(/^before .*\[redacted\].* after$/s);
      for (const half of halves) expect(clean).not.toContain(half);
    }
  });

  it('is what variables of such names hold, each part of a list, and passwords in addresses', () => {
    knowSecretsOf({
      SOME_API_KEY: 'planted-one', CASCADE_GITHUB_WEBHOOK_SECRETS: 'planted-two,planted-three', REDIS_URL: 'rediss://user:planted%2Dfour@host', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=planted%20five,x=y',
      CASCADE_API_TOKENS: '/etc/cascade/tokens.json', PATH: '/usr/bin:/bin/planted', SHORT_KEY: 'ollama', EMPTY_KEY: undefined,
    });
    expect(redact('planted-one planted-two planted-three planted-four planted%2Dfour planted five')).toBe(Array.from({ length: 6 }, () => REDACTED).join(' '));
    expect(redact('/etc/cascade/tokens.json /bin/planted ollama')).toBe('/etc/cascade/tokens.json /bin/planted ollama');
  });

  it('is found by a single line of a key, and by the key as variables write it', () => {
    expect(new Secret(pem).reveal()).toBe(pem);
    const [, line] = pem.split('\n');
    for (const text of [line!, pem, pem.replaceAll('\n', String.raw`\n`), JSON.stringify({ pem })]) expect(redact(text)).not.toContain(line!.slice(0, 30));
  });
});

describe('what looks like a secret', () => {
  const token = 'A1b2C3d4E5f6G7h8I9j0K1l2';
  it.each([
    `ghp_${token}`, `ghs_${token}`, `github_pat_${token}_${token}`, `sk-proj-${token}`, `Bearer ${token}`, `authorization: Basic ${Buffer.from('user:password').toString('base64')}`, `casc_${token}`,
    `https://${token}@github.com/o/r`, `https://user:${token}@github.com/o/r`, `redis://:${token}@host:6379`, `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${token}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${token}`,
  ])('is replaced: %s', (text) => {
    const clean = redact(`git said: ${text} is refused`);
    expect(clean).toContain(REDACTED);
    expect(clean).not.toContain(token.slice(2, 12));
    expect(clean).not.toContain('dXNlcjpw');
  });

  it('and ordinary words stay', () => {
    const text = 'Basic authentication with a Bearer token of ssh://git@github.com:22/o/r, task-sk-1, https://host:8080/a@b and 2 tokens; see https://github.com/o/r';
    expect(redact(text)).toBe(text);
  });

  it('is not searched for at the cost of a long text', () => {
    for (const part of ['://', 'a', ':', '-----BEGIN PRIVATE KEY-----', 'Bearer ', 'eyJ', 'sk-', '@']) expect(redact(part.repeat(20_000)).length).toBeGreaterThan(0);
  });
});

it('gets into no error: neither its message, advice nor findings', () => {
  knowSecretsOf({ CANARY_TOKEN: 'canary-in-errors' });
  const error = terminal('CASC_X', 'said canary-in-errors', { advice: 'canary-in-errors', findings: ['canary-in-errors'] });
  expect(JSON.stringify(error.toProblem()) + error.stack + String(error)).not.toContain('canary-in-errors');
});
