import { z } from 'zod';
import { hasCode, orUndefined } from './error-codes.js';
import type { GitHubAccess } from './github-access.js';
import type { Answer, Asked } from './github-client.js';
import { commentAnswer, commentOf, commentsAnswer, eventsAnswer, isAt, issueAnswer, issueOf, issuesAnswer, labelsAnswer, MAX_PAGES, permissionAnswer, permissionOf, placedCommentsAnswer } from './issue-answers.js';
import type {
  Issue, IssueAddress, IssueChanges, IssueComment, IssueFields, IssueLook, IssuePage, IssueTracker, Label, Labeling, ListedIssues, Permission, PlacedComment, PullRequest, PullRequestFields, TrackerCapabilities, TrackerRepository,
} from './issue-tracker.js';
import { RestPullRequests, type PullRequestChanges } from './rest-pull-requests.js';

type Parameters = Readonly<Record<string, unknown>>;

const orders = { 'updated-ascending': ['updated', 'asc'], 'updated-descending': ['updated', 'desc'], 'created-descending': ['created', 'desc'] } as const;

/** Issues and pull requests over GitHub's REST API. */
export class RestTracker implements IssueTracker {
  readonly capabilities: TrackerCapabilities = { exact: true, subIssues: true, etags: true, labels: true, permissions: true, pullRequests: true, commentEdits: true, history: true };
  readonly #pullRequests: RestPullRequests;

  constructor(private readonly access: GitHubAccess) {
    this.#pullRequests = new RestPullRequests(access);
  }

  whoAmI(signal?: AbortSignal): Promise<string> {
    return this.access.whoAmI(signal);
  }

  async getIssue(address: IssueAddress, options: { readonly etag?: string | undefined; readonly signal?: AbortSignal | undefined } = {}): Promise<IssueLook> {
    const answer = await orUndefined(['CASC_GITHUB_NOT_FOUND', 'CASC_GITHUB_GONE'], () =>
      this.#ask(address.repository, 'GET /repos/{owner}/{repo}/issues/{issue_number}', { issue_number: address.number }, { answer: issueAnswer, ...options }));
    if (answer === undefined) return { kind: 'gone' };
    if (answer === 'unchanged') return { kind: 'unchanged' };
    const issue = issueOf(answer.data, address.repository, answer.etag);
    return isAt(issue, address) ? { kind: 'issue', issue } : { kind: 'moved', to: { repository: issue.repository, number: issue.number } };
  }

  async listIssues(repository: TrackerRepository, listed: ListedIssues, signal?: AbortSignal): Promise<IssuePage | 'unchanged'> {
    const [sort, direction] = orders[listed.order ?? 'updated-ascending'];
    const answer = await this.#ask(repository, 'GET /repos/{owner}/{repo}/issues', {
      state: 'all', sort, direction, per_page: listed.perPage ?? 100, page: listed.page ?? 1,
      ...(listed.since === undefined ? {} : { since: listed.since }),
      ...(listed.labels === undefined ? {} : { labels: listed.labels.join(',') }),
    }, { answer: issuesAnswer, signal, etag: listed.etag });
    if (answer === 'unchanged') return 'unchanged';
    const issues = answer.data.map((one) => issueOf(one, repository)).filter((issue) => !issue.isPullRequest);
    return { issues, hasMore: answer.hasMore, ...(answer.etag === undefined ? {} : { etag: answer.etag }) };
  }

  async createIssue(repository: TrackerRepository, fields: Pick<IssueFields, 'title' | 'body' | 'labels' | 'assignees' | 'milestone'>, signal?: AbortSignal): Promise<Issue> {
    const { title, body, labels, assignees, milestone } = fields;
    const answer = await this.#ask(repository, 'POST /repos/{owner}/{repo}/issues', { title, body, labels, assignees, ...(milestone === undefined ? {} : { milestone }) }, { answer: issueAnswer, signal, creates: true });
    return issueOf(answer.data, repository);
  }

  async updateIssue(address: IssueAddress, changes: IssueChanges, signal?: AbortSignal): Promise<void> {
    const { labels, assignees, stateReason, milestone, ...same } = changes;
    const fields = { ...same, ...(stateReason === undefined ? {} : { state_reason: stateReason }), ...('milestone' in changes ? { milestone: milestone ?? null } : {}) };
    const ask = async (route: string, parameters: Parameters): Promise<void> =>
      void await this.#ask(address.repository, route.replace('#', '/repos/{owner}/{repo}/issues/{issue_number}'), { issue_number: address.number, ...parameters }, { answer: z.unknown(), signal });
    if (Object.keys(fields).length > 0) await ask('PATCH #', fields);
    if (labels !== undefined && labels.add.length > 0) await ask('POST #/labels', { labels: labels.add });
    for (const name of labels?.remove ?? []) await orUndefined(['CASC_GITHUB_NOT_FOUND'], () => ask('DELETE #/labels/{name}', { name })); // somebody was faster
    if (assignees !== undefined && assignees.add.length > 0) await ask('POST #/assignees', { assignees: assignees.add });
    if (assignees !== undefined && assignees.remove.length > 0) await ask('DELETE #/assignees', { assignees: assignees.remove });
  }

  async listSubIssues(parent: IssueAddress, signal?: AbortSignal): Promise<readonly Issue[]> {
    const answers = await this.#pages(parent.repository, 'GET /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', { issue_number: parent.number }, { answer: issuesAnswer, signal });
    return answers.map((one) => issueOf(one, parent.repository));
  }

  async addSubIssue(parent: IssueAddress, child: Pick<Issue, 'id' | 'number'>, signal?: AbortSignal): Promise<void> {
    try {
      await this.#ask(parent.repository, 'POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', { issue_number: parent.number, sub_issue_id: child.id }, { answer: z.unknown(), signal, creates: true });
    } catch (error) {
      // GitHub refuses one that is there already, as it refuses one that has another parent.
      if (!hasCode(error, ['CASC_GITHUB_INVALID'])) throw error;
      const there = await this.listSubIssues(parent, signal);
      if (!there.some((issue) => issue.id === child.id)) throw error;
    }
  }

  async listComments(address: IssueAddress, options: { readonly since?: string; readonly signal?: AbortSignal | undefined } = {}): Promise<readonly IssueComment[]> {
    const { since, signal } = options;
    const answers = await this.#pages(address.repository, 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: address.number, ...(since === undefined ? {} : { since }) }, { answer: commentsAnswer, signal });
    return answers.map(commentOf);
  }

  async listRepositoryComments(repository: TrackerRepository, { since, page }: { readonly since: string; readonly page: number }, signal?: AbortSignal): Promise<{ readonly comments: readonly PlacedComment[]; readonly hasMore: boolean }> {
    const { data, hasMore } = await this.#ask(repository, 'GET /repos/{owner}/{repo}/issues/comments', { sort: 'updated', direction: 'asc', since, per_page: 100, page }, { answer: placedCommentsAnswer, signal });
    return { comments: data.map((one) => ({ ...commentOf(one), number: one.issue_url })), hasMore };
  }

  async lastLabeling(address: IssueAddress, label: string, signal?: AbortSignal): Promise<Labeling | undefined> {
    const events = await this.#pages(address.repository, 'GET /repos/{owner}/{repo}/issues/{issue_number}/events', { issue_number: address.number }, { answer: eventsAnswer, signal });
    const last = events.findLast((one) => one.event === 'labeled' && one.label?.name.toLowerCase() === label.toLowerCase());
    return last && { id: last.id, author: last.actor?.login ?? 'ghost', at: last.created_at };
  }

  async getComment(repository: TrackerRepository, id: number, signal?: AbortSignal): Promise<IssueComment | undefined> {
    const answer = await orUndefined(['CASC_GITHUB_NOT_FOUND', 'CASC_GITHUB_GONE'], () =>
      this.#ask(repository, 'GET /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: id }, { answer: commentAnswer, signal }));
    return answer && commentOf(answer.data);
  }

  async createComment(address: IssueAddress, body: string, signal?: AbortSignal): Promise<IssueComment> {
    const answer = await this.#ask(address.repository, 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: address.number, body }, { answer: commentAnswer, signal, creates: true });
    return commentOf(answer.data);
  }

  async updateComment(repository: TrackerRepository, id: number, body: string, signal?: AbortSignal): Promise<IssueComment> {
    const answer = await this.#ask(repository, 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: id, body }, { answer: commentAnswer, signal });
    return commentOf(answer.data);
  }

  async ensureLabels(repository: TrackerRepository, labels: readonly Label[], signal?: AbortSignal): Promise<void> {
    const there = await this.#pages(repository, 'GET /repos/{owner}/{repo}/labels', {}, { answer: labelsAnswer, signal });
    const names = new Set(there.map((label) => label.name.toLowerCase()));
    for (const { name, color, description } of labels.filter((label) => !names.has(label.name.toLowerCase()))) {
      try {
        await this.#ask(repository, 'POST /repos/{owner}/{repo}/labels', { name, color, description }, { answer: z.unknown(), signal });
      } catch (error) {
        if (!hasCode(error, ['CASC_GITHUB_INVALID']) || !error.message.includes('already_exists')) throw error; // somebody was faster
      }
    }
  }

  async permissionOf(repository: TrackerRepository, login: string, signal?: AbortSignal): Promise<Permission> {
    const answer = await orUndefined(['CASC_GITHUB_NOT_FOUND'], () =>
      this.#ask(repository, 'GET /repos/{owner}/{repo}/collaborators/{username}/permission', { username: login }, { answer: permissionAnswer, signal }));
    return answer === undefined ? 'none' : permissionOf(answer.data);
  }

  findPullRequest(repository: TrackerRepository, head: string, signal?: AbortSignal): Promise<PullRequest | undefined> {
    return this.#pullRequests.find(repository, head, signal);
  }

  createPullRequest(repository: TrackerRepository, fields: PullRequestFields, signal?: AbortSignal): Promise<PullRequest> {
    return this.#pullRequests.create(repository, fields, signal);
  }

  updatePullRequest(repository: TrackerRepository, number: number, changes: PullRequestChanges, signal?: AbortSignal): Promise<PullRequest> {
    return this.#pullRequests.update(repository, number, changes, signal);
  }

  async #ask<T>(repository: TrackerRepository, route: string, parameters: Parameters, asked: Asked<T> & { readonly etag?: undefined }): Promise<Answer<T>>;
  async #ask<T>(repository: TrackerRepository, route: string, parameters: Parameters, asked: Asked<T>): Promise<Answer<T> | 'unchanged'>;
  async #ask<T>(repository: TrackerRepository, route: string, parameters: Parameters, asked: Asked<T>): Promise<Answer<T> | 'unchanged'> {
    const client = await this.access.clientFor(repository, 'tracker', asked.signal);
    return await client.request(route, { owner: repository.owner, repo: repository.name, ...parameters }, asked);
  }

  async #pages<T>(repository: TrackerRepository, route: string, parameters: Parameters, asked: Asked<T[]> & { readonly etag?: undefined }): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1, hasMore = true; hasMore && page <= MAX_PAGES; page += 1) {
      const answer = await this.#ask(repository, route, { ...parameters, per_page: 100, page }, asked);
      all.push(...answer.data);
      ({ hasMore } = answer);
    }
    return all;
  }
}
