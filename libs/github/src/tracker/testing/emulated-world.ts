import { createEmulator } from 'emulate';
import { Octokit } from '@octokit/rest';
import { Secret } from '@cascade/contracts';
import { freePort } from '@cascade/testing';
import { GitHubAccess } from '../github-access.js';
import type { IssueTracker } from '../issue-tracker.js';
import { RestTracker } from '../rest-tracker.js';
import type { Missing, TrackerWorld } from './tracker-world.js';

/** What `emulate`, an imitation of GitHub that others wrote, does not do. */
export const missingInEmulate: readonly Missing[] = ['etags', 'sub-issues', 'drafts', 'moves', 'comment-since', 'history', 'strangers'];

const repository = { owner: 'octocat', name: 'app' };

export async function openEmulatedWorld(): Promise<TrackerWorld> {
  const server = await createEmulator({
    service: 'github', port: await freePort(),
    seed: {
      tokens: { ours: { login: 'octocat', scopes: ['repo'] }, theirs: { login: 'ada', scopes: ['repo'] } },
      github: { users: [{ login: 'octocat' }, { login: 'ada' }], repos: [{ owner: repository.owner, name: repository.name, auto_init: true }] },
    },
  });
  const octokit = new Octokit({ baseUrl: server.url, auth: 'ours' });
  const place = { owner: repository.owner, repo: repository.name };
  const { data: milestone } = await octokit.issues.createMilestone({ ...place, title: 'v1' });
  const { data: info } = await octokit.repos.get(place);
  await octokit.repos.addCollaborator({ ...place, username: 'ada', permission: 'push' });
  const tracker = (token: string): IssueTracker => new RestTracker(new GitHubAccess({ api: server.url, credentials: { kind: 'token', token: new Secret(token) }, hasLimits: false }, { retryDelayMs: 1 }));
  return {
    repository, login: 'octocat', assignable: 'octocat', milestone: milestone.number, tracker: tracker('ours'), person: tracker('theirs'), stranger: tracker('nobody'),
    permissions: { octocat: 'admin', ada: 'write' },
    branch: async (name) => {
      const { data: ref } = await octokit.git.getRef({ ...place, ref: `heads/${info.default_branch}` });
      const { data: commit } = await octokit.git.getCommit({ ...place, commit_sha: ref.object.sha });
      const { data: next } = await octokit.git.createCommit({ ...place, message: 'more', tree: commit.tree.sha, parents: [ref.object.sha] });
      await octokit.git.createRef({ ...place, ref: `refs/heads/${name}`, sha: next.sha });
      return info.default_branch;
    },
    labelColor: async (name) => (await octokit.issues.getLabel({ ...place, name })).data.color,
    close: () => server.close(),
  };
}
