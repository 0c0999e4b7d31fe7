import { GitHubAccess, readGitHubConfig, type GitHubConfig } from '@cascade/github';
import type { TokenFor } from '@cascade/git';

const ownerAndName = /^([\w.-]{1,100})\/([\w.-]{1,100}?)(?:\.git)?$/;

/** Tokens that may push to repositories on the configured GitHub, and to no other host; undefined without credentials. */
export function gitHubTokens(config: GitHubConfig): TokenFor | undefined {
  if (config.credentials === undefined) return undefined;
  const access = new GitHubAccess(config);
  return async ({ url }) => {
    const { origin, pathname } = new URL(url);
    const [, owner, name] = ownerAndName.exec(pathname.slice(1)) ?? [];
    if (origin !== new URL(config.web).origin || owner === undefined || name === undefined) return undefined;
    return (await access.tokenFor({ owner, name }, 'push')).reveal();
  };
}

/** `owner/name` as an address on the configured GitHub; an address as it is. */
export function addressOnGitHub(remote: string | undefined, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return remote !== undefined && ownerAndName.test(remote) ? `${readGitHubConfig(env).web}/${remote}` : remote;
}
