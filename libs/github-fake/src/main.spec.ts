import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';

afterAll(removeTemporaryFolders);

it('runs as a process that tests and demonstrations order by HTTP', async () => {
  const seed = path.join(temporaryFolder('seed'), 'seed.json');
  writeFileSync(seed, JSON.stringify({ users: ['alice'], repositories: { 'alice/shop': {} } }));
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@cascade/source', '--no-warnings', '--import', file('../../streams/src/testing/typescript-loader.mjs'), file('./main.ts'), '--seed', seed, '--no-limits'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const { value } = await lines[Symbol.asyncIterator]().next() as { readonly value: string };
  const { url } = JSON.parse(value) as { readonly url: string };
  const control = async (name: string, body: unknown = {}): Promise<unknown> => (await fetch(`${url}/_fake/${name}`, { method: 'POST', body: JSON.stringify(body) })).json();

  expect(await control('user', { login: 'bob' })).toMatchObject({ login: 'bob', token: expect.stringMatching(/^ghp_/) as unknown });
  expect(await control('act', { login: 'bob', verb: 'createIssue', with: { repository: 'alice/shop', title: 'T' } })).toMatchObject({ number: 1 });
  expect(await control('act', { login: 'bob', verb: 'constructor' })).toEqual({ message: 'People of the fake GitHub cannot constructor.' });
  const { id } = await control('fault', { fault: 'error-before' }) as { readonly id: number };
  expect((await fetch(`${url}/api/v3/repos/alice/shop/issues/1`)).status).toBe(502);
  await control('fault-happened', { id });
  expect(await (await fetch(`${url}/api/v3/repos/alice/shop/issues/1`)).json()).toMatchObject({ title: 'T', user: { login: 'bob' } });
  expect(await control('journal', { operation: 'issues/get' })).toMatchObject([{ status: 502, faults: ['error-before'] }, { status: 200 }]);
  expect(await control('violations')).toEqual([]);

  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
