import { z } from 'zod';
import type { GitHubAccess } from './github-access.js';
import { pullRequestAnswer, pullRequestOf, pullRequestsAnswer } from './issue-answers.js';
import type { IssueTracker, PullRequest, PullRequestFields, TrackerRepository } from './issue-tracker.js';

export type PullRequestChanges = Parameters<IssueTracker['updatePullRequest']>[2];

/** REST cannot make a draft of a pull request, or the other way round. */
const toDraft = 'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
const toReady = 'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
const converted = z.record(z.string(), z.object({ pullRequest: z.object({ isDraft: z.boolean() }) }));

/** Pull requests over GitHub's REST API, and what it lacks over GraphQL. */
export class RestPullRequests {
  constructor(private readonly access: GitHubAccess) {}

  async find(repository: TrackerRepository, head: string, signal?: AbortSignal): Promise<PullRequest | undefined> {
    const client = await this.access.clientFor(repository, 'tracker', signal);
    const { data } = await client.request('GET /repos/{owner}/{repo}/pulls', {
      owner: repository.owner, repo: repository.name, head: `${repository.owner}:${head}`, state: 'all', sort: 'created', direction: 'desc', per_page: 100,
    }, { answer: pullRequestsAnswer, signal });
    const all = data.map(pullRequestOf).filter((one) => one.head === head);
    return all.find((one) => one.state === 'open') ?? all[0];
  }

  async create(repository: TrackerRepository, { isDraft, ...fields }: PullRequestFields, signal?: AbortSignal): Promise<PullRequest> {
    const client = await this.access.clientFor(repository, 'tracker', signal);
    const { data } = await client.request('POST /repos/{owner}/{repo}/pulls', { owner: repository.owner, repo: repository.name, ...fields, draft: isDraft }, { answer: pullRequestAnswer, signal, creates: true });
    return pullRequestOf(data);
  }

  async update(repository: TrackerRepository, number: number, { isDraft, ...fields }: PullRequestChanges, signal?: AbortSignal): Promise<PullRequest> {
    const client = await this.access.clientFor(repository, 'tracker', signal);
    const address = { owner: repository.owner, repo: repository.name, pull_number: number };
    const route = Object.keys(fields).length === 0 ? 'GET /repos/{owner}/{repo}/pulls/{pull_number}' : 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
    const pull = pullRequestOf((await client.request(route, { ...address, ...fields }, { answer: pullRequestAnswer, signal })).data);
    // What is closed has no draft any more.
    if (isDraft === undefined || isDraft === pull.isDraft || pull.state === 'closed') return pull;
    await client.graphql(`pull request ${number}`, isDraft ? toDraft : toReady, { id: pull.nodeId }, converted, signal);
    return { ...pull, isDraft };
  }
}
