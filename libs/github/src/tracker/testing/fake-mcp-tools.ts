import type { Octokit } from '@octokit/rest';

/** The arguments of all tools together; each takes its own, and nothing checks them: what Cascade sends is what is tried. */
interface Arguments {
  readonly [name: string]: unknown;
  readonly owner: string;
  readonly repo: string;
  readonly issue_number: number;
  readonly pullNumber: number;
  readonly sub_issue_id: number;
  readonly method: string;
  readonly name: string;
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
  readonly color: string;
  readonly description: string;
  readonly page?: number;
  readonly perPage?: number;
}

type Tool = (github: Octokit, args: Arguments) => Promise<unknown>;
interface Place {
  readonly owner: string;
  readonly repo: string;
}

const placeOf = ({ owner, repo }: Arguments): Place => ({ owner, repo });
const written = (data: { readonly id: number; readonly html_url: string }): unknown => ({ id: String(data.id), url: data.html_url });
const pageOf = ({ page, perPage }: Arguments): { page: number; per_page: number } => ({ page: page ?? 1, per_page: perPage ?? 30 });
/** Go leaves out what is empty. */
const withoutEmpty = (value: Readonly<Record<string, unknown>>): unknown => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== '' && one !== null && one !== undefined && one !== false && !(Array.isArray(one) && one.length === 0)));

/** The official server shows models no hidden text: HTML comments go, and what could be HTML is escaped. */
const sanitized = (text: string | null | undefined): string => (text ?? '').replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;').replaceAll('\'', '&#39;');

type RestIssue = Awaited<ReturnType<Octokit['issues']['get']>>['data'];
type RestPull = Awaited<ReturnType<Octokit['pulls']['list']>>['data'][number];
const labelName = (label: RestIssue['labels'][number]): string => (typeof label === 'string' ? label : label.name ?? '');

const minimalIssue = (issue: RestIssue): unknown => withoutEmpty({
  number: issue.number, title: sanitized(issue.title), body: sanitized(issue.body), state: issue.state, state_reason: issue.state_reason, locked: issue.locked, html_url: issue.html_url,
  user: { login: issue.user?.login }, author_association: issue.author_association, labels: issue.labels.map(labelName), assignees: issue.assignees?.map((one) => one.login), milestone: issue.milestone?.title,
  comments: issue.comments, created_at: issue.created_at, updated_at: issue.updated_at,
});

/** Of a list: by GraphQL, with fewer fields and the state in capitals. */
const listedIssue = (issue: RestIssue): unknown => withoutEmpty({
  number: issue.number, title: sanitized(issue.title), body: sanitized(issue.body), state: issue.state.toUpperCase(), user: { login: issue.user?.login }, labels: issue.labels.map(labelName), created_at: issue.created_at, updated_at: issue.updated_at,
});

const minimalPull = (pull: RestPull): unknown => ({
  number: pull.number, title: sanitized(pull.title), body: sanitized(pull.body), state: pull.state, draft: pull.draft ?? false, merged: pull.merged_at !== null, html_url: pull.html_url, user: { login: pull.user?.login },
  head: { ref: pull.head.ref, sha: pull.head.sha }, base: { ref: pull.base.ref, sha: pull.base.sha }, created_at: pull.created_at, updated_at: pull.updated_at,
});

async function readIssue(github: Octokit, args: Arguments): Promise<unknown> {
  const issue = { ...placeOf(args), issue_number: args.issue_number };
  switch (args.method) {
    case 'get': return minimalIssue((await github.issues.get(issue)).data);
    case 'get_comments': return (await github.issues.listComments({ ...issue, ...pageOf(args) })).data.map((one) => withoutEmpty({
      id: one.id, body: one.body, html_url: one.html_url, user: { login: one.user?.login }, author_association: one.author_association, created_at: one.created_at, updated_at: one.updated_at,
    }));
    case 'get_sub_issues': return (await github.request('GET /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', { ...issue, ...pageOf(args) })).data.map((one) => withoutEmpty(one as never));
    default: throw new TypeError(`unknown method: ${args.method}`);
  }
}

/** Empty text counts as not given, and so does 0, as the official server takes it. */
async function writeIssue(github: Octokit, args: Arguments): Promise<unknown> {
  const { title, body, labels, assignees, milestone, state, state_reason: reason } = args;
  const given = Object.fromEntries(Object.entries({ title, body, milestone }).filter(([, one]) => one !== undefined && one !== '' && one !== 0));
  const lists = { ...(labels === undefined ? {} : { labels }), ...(assignees === undefined ? {} : { assignees }) };
  if (args.method === 'create') {
    if (title === '') throw new TypeError('missing required parameter: title');
    return written((await github.issues.create({ ...placeOf(args), title: '', ...given, ...lists } as never)).data);
  }
  const { data } = await github.issues.update({ ...placeOf(args), issue_number: args.issue_number, ...given, ...lists, ...(state === undefined ? {} : { state, state_reason: state === 'open' ? 'reopened' : reason ?? 'completed' }) } as never);
  return written(data);
}

async function listIssues(github: Octokit, args: Arguments): Promise<unknown> {
  const { labels, since, after, perPage, orderBy, direction } = args;
  if ('page' in args) throw new TypeError('This tool uses cursor-based pagination.');
  const sort = orderBy === 'UPDATED_AT' ? 'updated' : 'created';
  const all = await github.paginate(github.issues.listForRepo, { ...placeOf(args), state: 'all', sort, direction: direction === 'ASC' ? 'asc' : 'desc', per_page: 100, ...(since === undefined ? {} : { since: since as string }) });
  const wanted = labels as readonly string[] | undefined;
  const fitting = all.filter((issue) => issue.pull_request === undefined && (wanted === undefined || issue.labels.some((label) => wanted.includes(labelName(label)))));
  const from = after === undefined ? 0 : Number(Buffer.from(after as string, 'base64').toString());
  const to = from + (perPage ?? 30);
  return { issues: fitting.slice(from, to).map((issue) => listedIssue(issue as RestIssue)), totalCount: fitting.length, pageInfo: { hasNextPage: to < fitting.length, hasPreviousPage: from > 0, endCursor: Buffer.from(String(to)).toString('base64') } };
}

const toDraft = 'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
const toReady = 'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';

async function updatePull(github: Octokit, args: Arguments): Promise<unknown> {
  const { title, body, state, draft } = args;
  const pull = { ...placeOf(args), pull_number: args.pullNumber };
  const changes = Object.fromEntries(Object.entries({ title, body, state }).filter(([, one]) => one !== undefined));
  if (Object.keys(changes).length === 0 && draft === undefined) throw new TypeError('No update parameters provided.');
  if (Object.keys(changes).length > 0) await github.pulls.update({ ...pull, ...changes });
  const { data } = await github.pulls.get(pull);
  if (draft !== undefined && draft !== data.draft) await github.graphql(draft ? toDraft : toReady, { id: data.node_id });
  return written(data);
}

/** Tools of github-mcp-server 1.9, by their official names, with what Cascade uses of their arguments and answers. */
export const fakeMcpTools: Readonly<Record<string, Tool>> = {
  get_me: async (github) => ({ login: (await github.users.getAuthenticated()).data.login }),
  issue_read: readIssue,
  issue_write: writeIssue,
  list_issues: listIssues,
  sub_issue_write: async (github, args) => (await github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues', { ...placeOf(args), issue_number: args.issue_number, sub_issue_id: args.sub_issue_id, replace_parent: false })).data,
  add_issue_comment: async (github, args) => written((await github.issues.createComment({ ...placeOf(args), issue_number: args.issue_number, body: args.body })).data),
  list_label: async (github, args) => {
    const { data } = await github.issues.listLabelsForRepo({ ...placeOf(args), per_page: 100 });
    return { labels: data.map(({ name, color, description }) => ({ name, color, description: description ?? '' })), totalCount: data.length };
  },
  label_write: async (github, args) => {
    const { data } = await github.issues.createLabel({ ...placeOf(args), name: args.name, color: args.color, description: args.description });
    return `label '${data.name}' created successfully`;
  },
  list_repository_collaborators: async (github, args) => {
    const { data } = await github.repos.listCollaborators({ ...placeOf(args), ...pageOf(args) });
    return { items: data.map((one) => ({ login: one.login, id: one.id, role_name: one.role_name })), nextPage: 0 };
  },
  list_pull_requests: async (github, args) => (await github.pulls.list({ ...placeOf(args), head: args.head, state: 'all', sort: 'created', direction: 'desc', ...pageOf(args) })).data.map(minimalPull),
  create_pull_request: async (github, args) => written((await github.pulls.create({ ...placeOf(args), title: args.title, body: args.body, head: args.head, base: args.base, draft: args.draft })).data),
  update_pull_request: updatePull,
  pull_request_read: async (github, args) => minimalPull((await github.pulls.get({ ...placeOf(args), pull_number: args.pullNumber })).data as unknown as RestPull),
};
