import { instant } from '../clock.js';
import { type Account, type Issue, type Label, type Pull, type Repository } from '../world/types.js';
import { fullName, type World } from '../world/world.js';
import { connection, type Args, type GraphObject } from './connection.js';

export const actorObject = (root: string, account: Account): GraphObject => ({ __typename: account.type, id: account.nodeId, login: account.login, databaseId: account.id, url: `${root}/${account.login}` });

export const labelObject = (label: Label): GraphObject => ({ __typename: 'Label', id: label.nodeId, name: label.name, color: label.color, description: label.description ?? '' });

export function repositoryObject(world: World, repository: Repository): GraphObject {
  const numbered = (isPull: boolean) => (args: Args): GraphObject | null => {
    const found = repository.issues.get(Number(args['number']));
    return found === undefined || found.end !== undefined || (found.pull !== undefined) !== isPull ? null : issueObject(world, found);
  };
  return {
    __typename: 'Repository', id: repository.nodeId, databaseId: repository.id, name: repository.name, nameWithOwner: fullName(repository), isPrivate: repository.isPrivate, url: `${world.root()}/${fullName(repository)}`,
    owner: () => actorObject(world.root(), repository.owner), issue: numbered(false), pullRequest: numbered(true),
    issues: (args: Args) => connection(listed(repository, args), (issue) => issueObject(world, issue))(args),
    label: (args: Args) => {
      const found = repository.labels.get(String(args['name']).toLowerCase());
      return found === undefined ? null : labelObject(found);
    },
    labels: connection([...repository.labels.values()].sort((a, b) => a.name.localeCompare(b.name)), labelObject),
  };
}

/** `states`, `labels`, `filterBy: { since }` and `orderBy: { field, direction }`; unlike in REST, one of the labels is enough (https://github.com/cli/cli/issues/419). */
function listed(repository: Repository, args: Args): readonly Issue[] {
  const { states, labels, filterBy, orderBy } = args as { readonly states?: readonly string[] | null; readonly labels?: readonly string[] | null; readonly filterBy?: { readonly since?: string | null } | null; readonly orderBy?: { readonly field: string; readonly direction: string } | null };
  const since = filterBy?.since ?? undefined;
  const wanted = [...repository.issues.values()].filter((issue) => issue.pull === undefined && issue.end === undefined
    && (!states?.length || states.includes(issue.state.toUpperCase()))
    && (!labels?.length || issue.labels.some((one) => labels.some((name) => name.toLowerCase() === one.name.toLowerCase())))
    && (since === undefined || Date.parse(instant(issue.updatedAt)) >= Date.parse(since)));
  const key = orderBy?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const sign = orderBy?.direction === 'DESC' ? -1 : 1;
  return wanted.sort((a, b) => sign * (a[key] - b[key] || a.number - b.number));
}

export function issueObject(world: World, issue: Issue): GraphObject {
  const root = world.root();
  return {
    __typename: issue.pull === undefined ? 'Issue' : 'PullRequest', id: issue.nodeId, databaseId: issue.id, fullDatabaseId: String(issue.id), number: issue.number, title: issue.title, body: issue.body ?? '', url: `${root}/${fullName(issue.repository)}/issues/${issue.number}`,
    state: issue.pull?.merge === undefined ? issue.state.toUpperCase() : 'MERGED', stateReason: issue.stateReason?.toUpperCase() ?? null, locked: issue.isLocked, closed: issue.state === 'closed',
    createdAt: instant(issue.createdAt), updatedAt: instant(issue.updatedAt), closedAt: issue.closedAt === null ? null : instant(issue.closedAt), author: () => actorObject(root, issue.author), repository: () => repositoryObject(world, issue.repository),
    labels: connection(issue.labels, labelObject), assignees: connection(issue.assignees, (one) => actorObject(root, one)),
    comments: connection(issue.comments, (one) => ({ id: one.nodeId, databaseId: one.id, body: one.body, author: actorObject(root, one.author), createdAt: instant(one.createdAt), updatedAt: instant(one.updatedAt) })),
    ...hierarchy(world, issue), issueFieldValues: none, closedByPullRequestsReferences: none,
    ...(issue.pull === undefined ? {} : pullMembers(issue.pull)),
  };
}

/** Custom fields and links from pull requests are not kept here. */
const none = connection<never>([], () => ({}));

const hierarchy = (world: World, issue: Issue): GraphObject => ({
  parent: () => issue.parent === undefined ? null : issueObject(world, issue.parent), subIssues: connection(issue.subIssues, (one) => issueObject(world, one)),
  subIssuesSummary: () => {
    const completed = issue.subIssues.filter((one) => one.state === 'closed').length;
    return { total: issue.subIssues.length, completed, percentCompleted: issue.subIssues.length === 0 ? 0 : Math.floor((completed * 100) / issue.subIssues.length) };
  },
});

const pullMembers = (pull: Pull): GraphObject => ({ databaseId: pull.id, isDraft: pull.isDraft, merged: pull.merge !== undefined, headRefName: pull.head, headRefOid: pull.headSha, baseRefName: pull.base, baseRefOid: pull.baseSha });
