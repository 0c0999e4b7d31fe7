import { expect, it } from '@jest/globals';
import { readGitHubConfig } from '@cascade/github';
import { GitHubRemotes } from './github-remotes.js';

const config = (env: Record<string, string> = {}): ReturnType<typeof readGitHubConfig> => readGitHubConfig({ CASCADE_GITHUB_TOKEN: 'geheim', ...env });
const token = (url: string, env?: Record<string, string>): Promise<string | undefined> => new GitHubRemotes(config(env)).tokenFor?.({ url, host: new URL(url).hostname }) ?? Promise.resolve(undefined);

it('has a token for repositories on the configured GitHub, and for nothing else', async () => {
  expect(await token('https://github.com/me/shop.git')).toBe('geheim');
  expect(await token('https://github.com/me/shop')).toBe('geheim');
  expect(await token('https://evil.example/me/shop')).toBeUndefined();
  expect(await token('https://github.com:8443/me/shop')).toBeUndefined();
  expect(await token('http://github.com/me/shop')).toBeUndefined();
  expect(await token('https://github.com/me/shop/deeper')).toBeUndefined();
  expect(await token('https://github.com/me/shop', { CASCADE_GITHUB_API: 'https://git.example/api/v3' })).toBeUndefined();
  expect(await token('https://git.example/me/shop', { CASCADE_GITHUB_API: 'https://git.example/api/v3' })).toBe('geheim');
  expect(new GitHubRemotes(readGitHubConfig({})).tokenFor).toBeUndefined();
});

it('takes a linked repository by its name', () => {
  const github = new GitHubRemotes(readGitHubConfig({}));
  expect([github.addressOf('me/shop'), github.addressOf('https://x.example/me/shop'), github.addressOf(undefined)]).toEqual(['https://github.com/me/shop', 'https://x.example/me/shop', undefined]);
});
