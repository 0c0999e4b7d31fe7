import { z } from 'zod';
import { hasCode, orUndefined } from '../error-codes.js';
import { isAt, issueOf, MAX_PAGES } from '../issue-answers.js';
import {
  permissions, type Issue, type IssueAddress, type IssueChanges, type IssueComment, type IssueFields, type IssueLook, type IssuePage, type IssueTracker, type Label, type ListedIssues, type NameChanges,
  type Permission, type PullRequest, type PullRequestFields, type TrackerCapabilities, type TrackerRepository,
} from '../issue-tracker.js';
import type { PullRequestChanges } from '../rest-pull-requests.js';
import { addressOf, collaboratorsAnswer, mcpCommentOf, mcpCommentsAnswer, mcpIssueAnswer, mcpIssueOf, mcpLabelsAnswer, mcpSubIssuesAnswer, meAnswer, writtenAnswer } from './mcp-answers.js';
import type { Called, McpConnection } from './mcp-connection.js';
import { notByMcp } from './mcp-errors.js';
import { McpIssueLists } from './mcp-issue-lists.js';
import { McpPullRequests } from './mcp-pull-requests.js';

type Arguments = Readonly<Record<string, unknown>>;

/** Issues and pull requests over the tools of GitHub's MCP server, as far as they go: docs/github-trackers.md. */
export class McpTracker implements IssueTracker {
  readonly #lists: McpIssueLists;
  readonly #pullRequests: McpPullRequests;
  #login: string | undefined;

  private constructor(private readonly connection: McpConnection, readonly capabilities: TrackerCapabilities) {
    this.#lists = new McpIssueLists(connection);
    this.#pullRequests = new McpPullRequests(connection);
  }

  /** Throws `CASC_GITHUB_UNAVAILABLE` when the server cannot be spoken to. */
  static async open(connection: McpConnection): Promise<McpTracker> {
    const tools = await connection.tools();
    const has = (...names: string[]): boolean => names.every((name) => tools.has(name));
    return new McpTracker(connection, {
      exact: false, etags: false, commentEdits: false, history: false,
      subIssues: has('sub_issue_write'), labels: has('list_label', 'label_write'), permissions: has('list_repository_collaborators'),
      pullRequests: has('list_pull_requests', 'create_pull_request', 'update_pull_request', 'pull_request_read'),
    });
  }

  async whoAmI(signal?: AbortSignal): Promise<string> {
    this.#login ??= (await this.connection.call('get_me', {}, { answer: meAnswer, signal })).login;
    return this.#login;
  }

  async getIssue(address: IssueAddress, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<IssueLook> {
    const answer = await orUndefined(['CASC_GITHUB_NOT_FOUND', 'CASC_GITHUB_GONE'], () => this.#read(address, 'get', {}, { answer: mcpIssueAnswer, ...options }));
    if (answer === undefined) return { kind: 'gone' };
    const issue = mcpIssueOf(answer, address.repository);
    const to = issue.url === '' ? address : addressOf('issue_read', issue.url);
    return isAt({ ...issue, repository: to.repository, number: to.number }, address) ? { kind: 'issue', issue } : { kind: 'moved', to };
  }

  listIssues(repository: TrackerRepository, listed: ListedIssues, signal?: AbortSignal): Promise<IssuePage> {
    return this.#lists.list(repository, listed, signal);
  }

  /** The tool tells only number and id of what it made, and reading it again could fail: the rest is as it was given. */
  async createIssue(repository: TrackerRepository, fields: Pick<IssueFields, 'title' | 'body' | 'labels' | 'assignees' | 'milestone'>, signal?: AbortSignal): Promise<Issue> {
    const author = await this.whoAmI(signal);
    const { id, url } = await this.#write(repository, { method: 'create', ...fields }, { answer: writtenAnswer, signal, creates: true });
    return {
      ...fields, repository, number: addressOf('issue_write', url).number, id: Number(id), nodeId: '', state: 'open',
      author, isLocked: false, isPullRequest: false, updatedAt: new Date().toISOString(), url,
    };
  }

  /** The tool cannot empty a body, take a milestone away or close as a duplicate without naming of what, and takes labels and assignees only all together. */
  async updateIssue(address: IssueAddress, changes: IssueChanges, signal?: AbortSignal): Promise<void> {
    const { stateReason, labels, assignees, ...same } = changes;
    const reason = stateReason === 'completed' || stateReason === undefined ? stateReason : 'not_planned';
    const issue = labels === undefined && assignees === undefined ? undefined : mcpIssueOf(await this.#read(address, 'get', {}, { answer: mcpIssueAnswer, signal }), address.repository);
    const all = (now: readonly string[] = [], { add, remove }: NameChanges): string[] => [...new Set([...now, ...add])].filter((name) => !remove.some((one) => one.toLowerCase() === name.toLowerCase()));
    await this.#write(address.repository, {
      method: 'update', issue_number: address.number, ...same, ...(changes.state === 'closed' && reason !== undefined ? { state_reason: reason } : {}),
      ...(labels === undefined ? {} : { labels: all(issue?.labels, labels) }), ...(assignees === undefined ? {} : { assignees: all(issue?.assignees, assignees) }),
    }, { answer: writtenAnswer, signal });
  }

  async listSubIssues(parent: IssueAddress, signal?: AbortSignal): Promise<readonly Issue[]> {
    const answers = await pages((page) => this.#read(parent, 'get_sub_issues', page, { answer: mcpSubIssuesAnswer, signal }));
    return answers.map((one) => issueOf(one, parent.repository));
  }

  async addSubIssue(parent: IssueAddress, child: Pick<Issue, 'id' | 'number'>, signal?: AbortSignal): Promise<void> {
    const { owner, name } = parent.repository;
    // An update without changes is the only way to an id that is not known.
    const id = child.id > 0 ? child.id : Number((await this.#write(parent.repository, { method: 'update', issue_number: child.number }, { answer: writtenAnswer, signal })).id);
    try {
      await this.connection.call('sub_issue_write', { method: 'add', owner, repo: name, issue_number: parent.number, sub_issue_id: id }, { answer: z.unknown(), signal, creates: true });
    } catch (error) {
      // GitHub refuses one that is there already, as it refuses one that has another parent.
      if (!hasCode(error, ['CASC_GITHUB_INVALID']) || !(await this.listSubIssues(parent, signal)).some((issue) => issue.number === child.number)) throw error;
    }
  }

  async listComments(address: IssueAddress, options: { readonly since?: string; readonly signal?: AbortSignal | undefined } = {}): Promise<readonly IssueComment[]> {
    const { since, signal } = options;
    const answers = await pages((page) => this.#read(address, 'get_comments', page, { answer: mcpCommentsAnswer, signal }));
    return answers.map(mcpCommentOf).filter((comment) => since === undefined || Date.parse(comment.updatedAt) >= Date.parse(since));
  }

  async listRepositoryComments(): Promise<never> {
    throw notByMcp('list the comments of a repository');
  }

  async lastLabeling(): Promise<never> {
    throw notByMcp('tell who put a label on');
  }

  async getComment(): Promise<never> {
    throw notByMcp('read a single comment');
  }

  async createComment(address: IssueAddress, body: string, signal?: AbortSignal): Promise<IssueComment> {
    const author = await this.whoAmI(signal);
    const { owner, name } = address.repository;
    const { id, url } = await this.connection.call('add_issue_comment', { owner, repo: name, issue_number: address.number, body }, { answer: writtenAnswer, signal, creates: true });
    const now = new Date().toISOString();
    return { id: Number(id), nodeId: '', body, author, authorAssociation: 'NONE', createdAt: now, updatedAt: now, url };
  }

  async updateComment(): Promise<never> {
    throw notByMcp('change a comment');
  }

  async ensureLabels({ owner, name: repo }: TrackerRepository, labels: readonly Label[], signal?: AbortSignal): Promise<void> {
    const there = await this.connection.call('list_label', { owner, repo }, { answer: mcpLabelsAnswer, signal });
    const names = new Set(there.labels.map((label) => label.name.toLowerCase()));
    for (const { name, color, description } of labels.filter((label) => !names.has(label.name.toLowerCase()))) {
      try {
        await this.connection.call('label_write', { method: 'create', owner, repo, name, color, description }, { answer: z.unknown(), signal });
      } catch (error) {
        if (!(error instanceof Error) || !/already/.test(error.message)) throw error; // beyond the 100 that are listed, or somebody was faster
      }
    }
  }

  async permissionOf({ owner, name }: TrackerRepository, login: string, signal?: AbortSignal): Promise<Permission> {
    const people = await pages(async (page) => (await this.connection.call('list_repository_collaborators', { owner, repo: name, affiliation: 'all', ...page }, { answer: collaboratorsAnswer, signal })).items);
    const found = people.find((one) => one.login.toLowerCase() === login.toLowerCase());
    if (found === undefined) return 'none';
    // What an organisation's own role is based on is not told; everybody of them may read.
    return permissions.find((permission) => permission === found.role_name) ?? 'read';
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

  #read<T>({ repository, number }: IssueAddress, method: string, more: Arguments, called: Called<T>): Promise<T> {
    return this.connection.call('issue_read', { method, owner: repository.owner, repo: repository.name, issue_number: number, ...more }, called);
  }

  #write<T>({ owner, name }: TrackerRepository, args: Arguments, called: Called<T>): Promise<T> {
    return this.connection.call('issue_write', { owner, repo: name, ...args }, called);
  }
}

/** All pages of 100, up to `MAX_PAGES`. */
async function pages<T>(read: (page: { readonly page: number; readonly perPage: number }) => Promise<readonly T[] | null>): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const some = (await read({ page, perPage: 100 })) ?? [];
    all.push(...some);
    if (some.length < 100) break;
  }
  return all;
}
