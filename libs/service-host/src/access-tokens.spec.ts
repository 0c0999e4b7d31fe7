import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder, untilTrue } from '@cascade/testing';
import { AccessTokens } from './access-tokens.js';

afterAll(removeTemporaryFolders);

const fresh = (): AccessTokens => new AccessTokens(path.join(temporaryFolder(), 'home', 'tokens.json'));

it('keeps hashes, not tokens, in a file for its owner alone', async () => {
  const tokens = fresh();
  const token = await tokens.create('ci', 'run');
  expect(token).toMatch(/^casc_[\w-]{43}$/);
  expect(readFileSync(tokens.file, 'utf8')).not.toContain(token.slice(5, 20));
  expect(statSync(tokens.file).mode & 0o777).toBe(0o600);
  expect(await tokens.find(token)).toMatchObject({ name: 'ci', scope: 'run' });
  expect(await tokens.find(`${token}x`)).toBeUndefined();
  expect((await tokens.list()).map(({ name }) => name)).toEqual(['ci']);
});

it('learns of tokens that another process makes and revokes', async () => {
  const tokens = fresh();
  const elsewhere = new AccessTokens(tokens.file);
  expect(await tokens.find('casc_none')).toBeUndefined();
  const token = await elsewhere.create('a', 'read');
  await untilTrue(async () => await tokens.find(token) !== undefined, 'the token to be known');
  expect(await elsewhere.revoke('a')).toBe(true);
  expect(await elsewhere.revoke('a')).toBe(false);
  await untilTrue(async () => await tokens.find(token) === undefined, 'the token to be refused');
});

it('refuses names that are taken or none, and a file of something else', async () => {
  const tokens = fresh();
  await tokens.create('a', 'read');
  for (const name of ['a', '', 'A', '../x', 'x'.repeat(64)]) await expect(tokens.create(name, 'read')).rejects.toMatchObject({ code: 'CASC_USAGE' });
  writeFileSync(tokens.file, '{"tokens":[{}]}');
  await expect(new AccessTokens(tokens.file).find('casc_x')).rejects.toMatchObject({ code: 'CASC_API_TOKENS_INVALID' });
});
