import { instant } from '../clock.js';
import { type Account, type Issue, type Pull, type Repository } from '../world/types.js';
import { fullName, type World } from '../world/world.js';

/** An object of GraphQL: a member is a value, or computed from arguments when somebody asks for it. */
export interface GraphObject {
  readonly [name: string]: unknown;
}

const connection = (nodes: readonly GraphObject[]) => (args: Readonly<Record<string, unknown>>): GraphObject => {
  const shown = nodes.slice(0, Number(args['first'] ?? nodes.length));
  return { nodes: shown, totalCount: nodes.length, pageInfo: { hasNextPage: shown.length < nodes.length, hasPreviousPage: false, startCursor: null, endCursor: null } };
};

export const actorObject = (root: string, account: Account): GraphObject => ({ __typename: account.type, id: account.nodeId, login: account.login, databaseId: account.id, url: `${root}/${account.login}` });

export function repositoryObject(world: World, repository: Repository): GraphObject {
  const numbered = (args: Readonly<Record<string, unknown>>, isPull: boolean): GraphObject | null => {
    const found = repository.issues.get(Number(args['number']));
    return found === undefined || found.end !== undefined || (found.pull !== undefined) !== isPull ? null : issueObject(world, found);
  };
  return {
    __typename: 'Repository', id: repository.nodeId, databaseId: repository.id, name: repository.name, nameWithOwner: fullName(repository), isPrivate: repository.isPrivate, url: `${world.root()}/${fullName(repository)}`,
    owner: () => actorObject(world.root(), repository.owner), issue: (args: Readonly<Record<string, unknown>>) => numbered(args, false), pullRequest: (args: Readonly<Record<string, unknown>>) => numbered(args, true),
  };
}

export function issueObject(world: World, issue: Issue): GraphObject {
  const root = world.root();
  return {
    __typename: issue.pull === undefined ? 'Issue' : 'PullRequest', id: issue.nodeId, databaseId: issue.id, fullDatabaseId: String(issue.id), number: issue.number, title: issue.title, body: issue.body ?? '', url: `${root}/${fullName(issue.repository)}/issues/${issue.number}`,
    state: issue.pull?.merge === undefined ? issue.state.toUpperCase() : 'MERGED', stateReason: issue.stateReason?.toUpperCase() ?? null, locked: issue.isLocked, closed: issue.state === 'closed',
    createdAt: instant(issue.createdAt), updatedAt: instant(issue.updatedAt), closedAt: issue.closedAt === null ? null : instant(issue.closedAt), author: () => actorObject(root, issue.author), repository: () => repositoryObject(world, issue.repository),
    labels: connection(issue.labels.map((one) => ({ id: one.nodeId, name: one.name, color: one.color, description: one.description }))), assignees: connection(issue.assignees.map((one) => actorObject(root, one))),
    comments: connection(issue.comments.map((one) => ({ id: one.nodeId, databaseId: one.id, body: one.body, author: actorObject(root, one.author), createdAt: instant(one.createdAt), updatedAt: instant(one.updatedAt) }))),
    parent: () => issue.parent === undefined ? null : issueObject(world, issue.parent), subIssues: (args: Readonly<Record<string, unknown>>) => connection(issue.subIssues.map((one) => issueObject(world, one)))(args),
    ...(issue.pull === undefined ? {} : pullMembers(issue.pull)),
  };
}

const pullMembers = (pull: Pull): GraphObject => ({ databaseId: pull.id, isDraft: pull.isDraft, merged: pull.merge !== undefined, headRefName: pull.head, headRefOid: pull.headSha, baseRefName: pull.base, baseRefOid: pull.baseSha });
