import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itWith } from '@cascade/testing';
import { openSandbox } from './open-sandbox.js';
import type { Sandbox } from './sandbox.js';
import { attemptLimits, attempts, type Attempt } from './testing/escape-attempts.js';
import { EscapeHost, secret } from './testing/escape-host.js';

const TEST_TIMEOUT_MS = 60_000;

function received(where: { host: string; port: number } | { path: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    createConnection(where).on('data', (chunk) => { text += chunk.toString(); }).on('end', () => resolve(text)).on('error', reject);
  });
}

/** Where there is no Python, an attempt written in it fails for that reason, and proves nothing about the sandbox. */
const itPython = itWith(['python3', '--version'], 'attempts to escape that are written in Python');
const usesPython = (attempt: Attempt, host: EscapeHost): boolean => attempt.argv(host).join(' ').includes('python3');

describe.each([
  ['with control groups where they can be written', true],
  ['with limits and a watchdog only', false],
])('sandbox %s', (_label, controlGroups) => {
  const host = new EscapeHost();
  let sandbox: Sandbox;
  beforeAll(async () => {
    await host.start();
    sandbox = await openSandbox({ controlGroups });
  }, TEST_TIMEOUT_MS);
  afterAll(() => host.stop());
  beforeEach(() => host.reset());

  describe('controls: without these, a refusal would prove nothing', () => {
    it('has a host whose secrets can be had from outside', async () => {
      expect(readFileSync(host.secretFile, 'utf8')).toBe(secret);
      expect(await received({ host: '127.0.0.1', port: host.port })).toBe(secret);
      expect(await received({ path: host.socketFile })).toBe(secret);
      expect(await received({ path: `\0${host.abstractName}` })).toBe(secret);
      expect(host.victimLives && host.hasProcess('31337')).toBe(true);
    });

    it.each([
      ['writes and reads its folder', ['sh', '-c', 'echo yes > new && cat new'], 'yes\n'],
      ['runs the Node that runs Cascade', ['node', '-p', 'process.version'], `${process.version}\n`],
      ['sees no environment but a small fixed one', ['sh', '-c', 'env | cut -d= -f1 | sort | tr "\\n" " "'], 'CI HOME LANG NO_COLOR PATH PWD TMPDIR TZ '],
      ['listens on a loopback of its own', ['node', '-e', "const s = require('net').createServer((c) => c.end('hi')).listen(0, '127.0.0.1', () => require('net').connect(s.address().port, '127.0.0.1').on('data', (d) => { console.log(String(d)); s.close(); }));"], 'hi\n'],
      ['starts child processes', ['node', '-p', "require('child_process').execFileSync('node', ['-p', '1+1']).toString().trim()"], '2\n'],
      ['reports an exit code', ['sh', '-c', 'exit 7'], ''],
    ])('%s', async (name, argv, stdout) => {
      const result = await sandbox.run(argv, { cwd: host.workspace, ...attemptLimits });
      expect(result).toMatchObject({ stdout, killedBy: null, exitCode: name === 'reports an exit code' ? 7 : 0 });
    }, TEST_TIMEOUT_MS);
  });

  itPython('runs Python', async () => {
    expect(await sandbox.run(['python3', '-c', 'print(6 * 7)'], { cwd: host.workspace, ...attemptLimits })).toMatchObject({ stdout: '42\n', exitCode: 0 });
  }, TEST_TIMEOUT_MS);

  describe.each(Object.entries(attempts))('code inside cannot %s', (_family, list) => {
    const escape = async (attempt: Attempt): Promise<string | undefined> =>
      attempt.escaped(await sandbox.run(attempt.argv(host), { cwd: host.workspace, ...attemptLimits, ...attempt.options }), host);
    const [inPython, others] = [true, false].map((python) => list.filter((attempt) => usesPython(attempt, host) === python).map((attempt) => [attempt.name, attempt] as const));
    it.each(others!)('%s', async (_name, attempt) => { expect(await escape(attempt)).toBeUndefined(); }, TEST_TIMEOUT_MS);
    if (inPython!.length > 0) itPython.each(inPython!)('%s', async (_name, attempt) => { expect(await escape(attempt)).toBeUndefined(); }, TEST_TIMEOUT_MS);
  });
});
