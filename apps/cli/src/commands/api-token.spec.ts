import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { runCli } from '../run-cli.js';
import { recordedScreen } from '../testing/recorded-screen.js';

afterAll(removeTemporaryFolders);

it('makes, shows and revokes tokens, and shows a token only once', async () => {
  const env = { CASCADE_API_TOKENS: path.join(temporaryFolder(), 'tokens.json') };
  const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
    const screen = recordedScreen();
    return { code: await runCli(['api', 'token', ...args], env, screen), out: screen.dataLines.join('\n') };
  };
  const made = await run('create', 'ci', '--scope', 'read');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^casc_[\w-]{43}$/) });
  expect((await run('create', 'ci')).code).toBe(2);
  expect((await run('create', 'other', '--scope', 'all')).code).toBe(2);
  const listed = await run('list', '--json');
  expect(JSON.parse(listed.out)).toMatchObject({ name: 'ci', scope: 'read' });
  expect(listed.out).not.toContain(made.out.slice(5));
  expect([(await run('revoke', 'ci')).code, (await run('revoke', 'ci')).code, (await run('list')).out]).toEqual([0, 2, '']);
});
