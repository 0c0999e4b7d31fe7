import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { freePort, priceList } from '@cascade/testing';

const secret = 'the secret of a hook';

export interface PriceListOnGitHub {
  readonly github: FakeGitHub;
  /** `owner/name`; `ada` owns it, and `cascade-bot`, whose token the services have, administers it. */
  readonly address: string;
  readonly url: string;
  /** What services need for it, the port to which its webhooks come among it. */
  readonly env: Readonly<Record<string, string>>;
}

/** The sample's repository on a stand-in for GitHub. */
export async function startPriceListOnGitHub(): Promise<PriceListOnGitHub> {
  const [github, port, address] = [await startFakeGitHub({ limits: noLimits }), await freePort(), 'ada/price-list'];
  const { token } = github.addUser('cascade-bot');
  github.addUser('ada');
  github.addRepository(address, { copyOf: priceList.repository().folder, collaborators: { 'cascade-bot': 'admin' } });
  github.asPerson('cascade-bot').createHook({ repository: address, url: `http://127.0.0.1:${port}/webhooks/github`, secret, events: ['issues', 'issue_comment', 'pull_request'] });
  return {
    github, address, url: `${github.url}/${address}`,
    env: {
      CASCADE_GITHUB_API: github.url, CASCADE_GITHUB_TOKEN: token, CASCADE_GITHUB_LIMITS: 'none', CASCADE_GITHUB_WEBHOOK_SECRETS: secret, CASCADE_WEBHOOK_PORT: String(port),
      CASCADE_GIT_TOKEN: token, CASCADE_GIT_TOKEN_HOST: new URL(github.url).host,
    },
  };
}
