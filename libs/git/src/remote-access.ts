import type { GitCall } from './git-runner.js';
import type { RepositorySource } from './repository-source.js';

/**
 * Credentials of one call to a remote, in its environment only: arguments are visible to every process, and
 * configuration files stay. The token goes to one host (`CASCADE_GIT_TOKEN_HOST`, github.com unless set), because the
 * host of a repository is named by whoever requests a cascade. For the same reason no redirect is followed then: the
 * header would be sent along to wherever it leads.
 */
export function remoteAccess(source: RepositorySource, environment: NodeJS.ProcessEnv = process.env): Pick<GitCall, 'env' | 'settings'> {
  const token = environment['CASCADE_GIT_TOKEN'];
  if (source.kind !== 'remote' || token === undefined || token === '' || (source.transport !== 'https' && source.transport !== 'http')) return {};
  if (source.host !== (environment['CASCADE_GIT_TOKEN_HOST'] ?? 'github.com')) return {};
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  return { settings: ['http.followRedirects=false'], env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `http.${new URL(source.url).origin}/.extraHeader`, GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}` } };
}
