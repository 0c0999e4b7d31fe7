import { addressOfRepository, GitHubAccess, repositoryAtAddress, repositoryNamed, type GitHubConfig } from '@cascade/github';
import type { TokenFor } from '@cascade/git';

/** The configured GitHub as somewhere to push to. */
export class GitHubRemotes {
  /** Tokens that may push to its repositories, and to no other host; undefined without credentials. */
  readonly tokenFor: TokenFor | undefined;

  constructor(private readonly config: GitHubConfig) {
    this.tokenFor = config.credentials === undefined ? undefined : tokensOf(config);
  }

  /** `owner/name` as an address; an address as it is. */
  addressOf(remote: string | undefined): string | undefined {
    const repository = remote === undefined ? undefined : repositoryNamed(remote);
    return repository === undefined ? remote : addressOfRepository(repository, this.config.web);
  }
}

function tokensOf(config: GitHubConfig): TokenFor {
  const access = new GitHubAccess(config);
  return async ({ url }) => {
    const repository = new URL(url).origin === new URL(config.web).origin ? repositoryAtAddress(url, config.host) : undefined;
    return repository === undefined ? undefined : (await access.tokenFor(repository, 'push')).reveal();
  };
}
