import { expect, it } from '@jest/globals';
import { githubServices } from './standalone.js';

it('connects with GitHub only where it is configured: the mirror with credentials, the webhook with secrets', () => {
  const names = (env: Record<string, string>): string[] => githubServices(env).map(({ name }) => name);
  expect([names({}), names({ CASCADE_GITHUB_TOKEN: 't' }), names({ CASCADE_GITHUB_WEBHOOK_SECRETS: 's' }), names({ CASCADE_GITHUB_TOKEN: 't', CASCADE_GITHUB_WEBHOOK_SECRETS: 's' })])
    .toEqual([[], ['github-sync'], ['github-webhook'], ['github-sync', 'github-webhook']]);
});
