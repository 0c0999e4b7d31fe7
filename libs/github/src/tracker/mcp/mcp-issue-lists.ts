import { remember } from '../remember.js';
import type { Issue, IssuePage, ListedIssues, TrackerRepository } from '../issue-tracker.js';
import { mcpIssueOf, mcpIssuesAnswer } from './mcp-answers.js';
import type { McpConnection } from './mcp-connection.js';

/** Lists of issues by number of page, over a tool that goes from page to page by cursors. */
export class McpIssueLists {
  /** By list: the cursor after each page, in order. */
  readonly #cursors = new Map<string, string[]>();

  constructor(private readonly connection: McpConnection) {}

  async list(repository: TrackerRepository, { labels, since, order, page = 1 }: ListedIssues, signal?: AbortSignal): Promise<IssuePage> {
    const [orderBy, direction] = order === 'created-descending' ? ['CREATED_AT', 'DESC'] : ['UPDATED_AT', 'ASC'];
    const args = { owner: repository.owner, repo: repository.name, orderBy, direction, perPage: 100, ...(labels === undefined ? {} : { labels }), ...(since === undefined ? {} : { since }) };
    const cursors = page === 1 ? [] : this.#cursors.get(JSON.stringify(args)) ?? [];
    remember(this.#cursors, JSON.stringify(args), cursors);
    for (;;) {
      const at = Math.min(page - 1, cursors.length);
      const after = cursors[at - 1];
      const answer = await this.connection.call('list_issues', { ...args, ...(after === undefined ? {} : { after }) }, { answer: mcpIssuesAnswer, signal });
      const { hasNextPage, endCursor } = answer.pageInfo;
      if (hasNextPage) cursors[at] = endCursor;
      if (at === page - 1 || !hasNextPage) {
        const issues = at === page - 1 ? (answer.issues ?? []).map((one) => mcpIssueOf(one, repository)) : [];
        return { issues: issues.filter((issue) => hasAll(issue, labels ?? [])), hasMore: hasNextPage };
      }
    }
  }
}

/** The tool gives issues with any of the labels, a tracker those with all of them. */
function hasAll(issue: Issue, labels: readonly string[]): boolean {
  const there = new Set(issue.labels.map((label) => label.toLowerCase()));
  return labels.every((label) => there.has(label.toLowerCase()));
}
