import { Octokit } from '@octokit/rest';
import { Secret } from '@cascade/contracts';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { GitHubAccess } from '../github-access.js';
import type { GitHubCredentials } from '../github-config.js';
import { RestTracker } from '../rest-tracker.js';
import type { TrackerWorld } from './tracker-world.js';

const repository = { owner: 'octo', name: 'app' };
const address = 'octo/app';

/** What an App needs to be allowed for everything that Cascade does. */
const appPermissions = { metadata: 'read', issues: 'write', pull_requests: 'write' } as const;

export interface FakeWorld extends TrackerWorld {
  readonly github: FakeGitHub;
  readonly token: string;
}

/** The fake GitHub, reached with a token of the repository's owner, or as an App and by the addresses of an Enterprise server. */
export async function openFakeWorld(as: 'token' | 'app' = 'token'): Promise<FakeWorld> {
  const github = await startFakeGitHub({ limits: noLimits });
  const { token } = github.addUser('octo');
  const ada = github.addUser('ada');
  for (const login of ['bea', 'eve']) github.addUser(login);
  github.addRepository(address, { collaborators: { ada: 'write', bea: 'triage' } });
  github.addRepository('octo/elsewhere');
  const milestone = github.asPerson('octo').createMilestone({ repository: address, title: 'v1' }).number;
  const octokit = new Octokit({ baseUrl: github.url, auth: token });
  const place = { owner: repository.owner, repo: repository.name };
  const reached = (credentials: GitHubCredentials): RestTracker => new RestTracker(new GitHubAccess({ api: as === 'app' ? `${github.url}/api/v3` : github.url, credentials, hasLimits: false }, { retryDelayMs: 1 }));
  const withToken = (value: string): RestTracker => reached({ kind: 'token', token: new Secret(value) });
  const asApp = (): RestTracker => {
    const { id, privateKey } = github.addApp({ slug: 'cascade', owner: 'octo', permissions: appPermissions });
    return reached({ kind: 'app', appId: String(id), privateKey: new Secret(privateKey) });
  };
  return {
    github, token, repository, milestone,
    login: as === 'app' ? 'cascade[bot]' : 'octo',
    assignable: 'octo',
    tracker: as === 'app' ? asApp() : withToken(token),
    person: withToken(ada.token),
    stranger: withToken('nobody'),
    permissions: { octo: 'admin', ada: 'write', bea: 'triage', eve: 'read' },
    createMany: async (count, label) => {
      for (let number = 0; number < count; number += 1) github.asPerson('ada').createIssue({ repository: address, title: `page ${number}`, labels: [label] });
    },
    branch: (name) => {
      github.addBranch({ repository: address, branch: name, files: { [`${name}.txt`]: 'more\n' } });
      return Promise.resolve('main');
    },
    remove: async ({ number }) => github.asPerson('octo').deleteIssue({ repository: address, number }),
    transfer: async ({ number }) => ({ repository: { owner: 'octo', name: 'elsewhere' }, number: github.asPerson('octo').transferIssue({ repository: address, number, to: 'octo/elsewhere' }).number }),
    labelColor: async (name) => (await octokit.issues.getLabel({ ...place, name })).data.color,
    close: () => github.close(),
  };
}
