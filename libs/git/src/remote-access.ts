import type { GitCall } from './git-runner.js';
import type { RepositorySource } from './repository-source.js';

/** A repository that is reached over http(s). */
export interface RemoteAddress {
  readonly host: string;
  readonly url: string;
}

/** The token for a repository, or undefined where it has none; never one of another host. */
export type TokenFor = (remote: RemoteAddress) => Promise<string | undefined>;

/** How a call reaches a repository; asked for before each, because tokens end. */
export type RemoteAccess = (source: RepositorySource) => Promise<Pick<GitCall, 'env' | 'settings'>>;

/** `CASCADE_GIT_TOKEN`, for one host: `CASCADE_GIT_TOKEN_HOST`, github.com unless set. */
const environmentToken: TokenFor = async ({ host }) => {
  const { CASCADE_GIT_TOKEN: token, CASCADE_GIT_TOKEN_HOST: named = 'github.com' } = process.env;
  return host === named && token !== '' ? token : undefined;
};

/**
 * Credentials of calls to remotes, in their environment only: arguments are visible to every process, and configuration
 * files stay. A token goes to its own host, because the host of a repository is named by whoever requests a cascade. For
 * the same reason no redirect is followed then: the header would be sent along to wherever it leads.
 *
 * @param tokenFor asked where the environment has no token
 */
export function remoteAccess(tokenFor?: TokenFor): RemoteAccess {
  return async (source) => {
    if (source.kind !== 'remote' || (source.transport !== 'https' && source.transport !== 'http')) return {};
    const token = await environmentToken(source) ?? await tokenFor?.(source);
    if (token === undefined) return {};
    const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
    return { settings: ['http.followRedirects=false'], env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `http.${new URL(source.url).origin}/.extraHeader`, GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}` } };
  };
}
