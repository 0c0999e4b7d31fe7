import { z } from 'zod';
import type { PullRequest, PullRequestFields, TrackerRepository } from '../issue-tracker.js';
import type { PullRequestChanges } from '../rest-pull-requests.js';
import { addressOf, mcpPullRequestAnswer, mcpPullRequestOf, mcpPullRequestsAnswer, writtenAnswer } from './mcp-answers.js';
import type { McpConnection } from './mcp-connection.js';

export class McpPullRequests {
  constructor(private readonly connection: McpConnection) {}

  async find({ owner, name }: TrackerRepository, head: string, signal?: AbortSignal): Promise<PullRequest | undefined> {
    const args = { owner, repo: name, head: `${owner}:${head}`, state: 'all', sort: 'created', direction: 'desc', perPage: 100 };
    const answer = await this.connection.call('list_pull_requests', args, { answer: mcpPullRequestsAnswer, signal });
    const all = (answer ?? []).map(mcpPullRequestOf).filter((one) => one.head === head);
    return all.find((one) => one.state === 'open') ?? all[0];
  }

  async create({ owner, name }: TrackerRepository, { isDraft, ...fields }: PullRequestFields, signal?: AbortSignal): Promise<PullRequest> {
    const { url } = await this.connection.call('create_pull_request', { owner, repo: name, ...fields, draft: isDraft }, { answer: writtenAnswer, signal, creates: true });
    return { ...fields, isDraft, number: addressOf('create_pull_request', url).number, nodeId: '', state: 'open', isMerged: false, url };
  }

  async update({ owner, name }: TrackerRepository, number: number, { isDraft, ...fields }: PullRequestChanges, signal?: AbortSignal): Promise<PullRequest> {
    const address = { owner, repo: name, pullNumber: number };
    const changes = { ...fields, ...(isDraft === undefined ? {} : { draft: isDraft }) };
    // With nothing to change the tool refuses.
    if (Object.keys(changes).length > 0) await this.connection.call('update_pull_request', { ...address, ...changes }, { answer: z.unknown(), signal });
    return { ...mcpPullRequestOf(await this.connection.call('pull_request_read', { ...address, method: 'get' }, { answer: mcpPullRequestAnswer, signal })), ...fields };
  }
}
