import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Octokit } from '@octokit/rest';
import { type FakeGitHub } from '../fake-github.js';
import { type Person } from '../people.js';
import { startFakeGitHub } from '../start-fake-github.js';
import { quietOctokit } from '../testing/quiet-octokit.js';

let github: FakeGitHub;
let alice: Octokit;
let person: Person;

beforeEach(async () => {
  github = await startFakeGitHub({ seed: { users: ['alice', 'eve'], repositories: { 'alice/shop': {}, 'alice/safe': { isPrivate: true } } } });
  alice = quietOctokit(`${github.url}/api/v3`, github.addToken({ login: 'alice' }));
  person = github.asPerson('alice');
  person.createIssue({ repository: 'alice/shop', title: 'Epic' });
  person.createIssue({ repository: 'alice/shop', title: 'Story', labels: ['story'] });
  person.createIssue({ repository: 'alice/shop', title: 'Task', labels: ['task'] });
  person.addSubIssue({ repository: 'alice/shop', number: 1, child: { repository: 'alice/shop', number: 2 } });
});
afterEach(() => github.close());

const where = { owner: 'alice', repo: 'shop' };

it('reads issues with their parents, by number and by id', async () => {
  const query = `query($n: Int!) { repository(owner: "alice", name: "shop") { issue(number: $n) { id title, state parent { number } mine: labels(first: 5) { nodes { name } } } } }`;
  const read = await alice.graphql<{ readonly repository: { readonly issue: { readonly id: string } } }>(query, { n: 2 });
  const { id } = read.repository.issue;
  expect(read).toEqual({ repository: { issue: { id, title: 'Story', state: 'OPEN', parent: { number: 1 }, mine: { nodes: [{ name: 'story' }] } } } });
  expect(await alice.graphql('query($ids:[ID!]!){nodes(ids: $ids){... on Issue{id,issueFieldValues(first: 25){nodes{__typename}},parent{repository{nameWithOwner}},subIssuesSummary{total}}}}', { ids: [id] }))
    .toEqual({ nodes: [{ id, issueFieldValues: { nodes: [] }, parent: { repository: { nameWithOwner: 'alice/shop' } }, subIssuesSummary: { total: 0 } }] });
});

it('lists issues by pages, one of the labels being enough', async () => {
  const query = 'query($after:String$direction:OrderDirection!$first:Int!$labels:[String!]!$orderBy:IssueOrderField!$owner:String!$repo:String!$states:[IssueState!]!){repository(owner: $owner, name: $repo){issues(first: $first, after: $after, labels: $labels, states: $states, orderBy: {field: $orderBy, direction: $direction}){nodes{number},pageInfo{hasNextPage,endCursor},totalCount},isPrivate}}';
  interface Page { readonly repository: { readonly issues: { readonly nodes: readonly { readonly number: number }[]; readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }; readonly totalCount: number } } }
  const page = async (after: string | null): Promise<Page['repository']['issues']> => (await alice.graphql<Page>(query, { ...where, after, direction: 'DESC', first: 1, labels: ['story', 'Task'], orderBy: 'CREATED_AT', states: ['OPEN'] })).repository.issues;
  const first = await page(null);
  expect(first).toMatchObject({ nodes: [{ number: 3 }], totalCount: 2, pageInfo: { hasNextPage: true } });
  expect(await page(first.pageInfo.endCursor)).toMatchObject({ nodes: [{ number: 2 }], pageInfo: { hasNextPage: false } });
});

it('closes, reopens and deletes issues, and writes labels', async () => {
  const { data: issue } = await alice.issues.get({ ...where, issue_number: 3 });
  const change = (name: string, type: string, input: object, answer: string): Promise<unknown> => alice.graphql(`mutation($input:${type}!){${name}(input: $input){${answer}}}`, { input });
  await change('closeIssue', 'CloseIssueInput', { issueId: issue.node_id, stateReason: 'NOT_PLANNED' }, 'issue{state}');
  expect(github.look('alice/shop')[2]).toMatchObject({ state: 'closed', stateReason: 'not_planned' });
  expect(await change('reopenIssue', 'ReopenIssueInput', { issueId: issue.node_id }, 'issue{number,state}')).toEqual({ reopenIssue: { issue: { number: 3, state: 'OPEN' } } });
  const { data: repository } = await alice.repos.get(where);
  await change('createLabel', 'CreateLabelInput', { repositoryId: repository.node_id, name: 'cascade', color: 'aabbcc' }, 'label{name}');
  await expect(change('createLabel', 'CreateLabelInput', { repositoryId: repository.node_id, name: 'cascade', color: 'aabbcc' }, 'label{name}')).rejects.toMatchObject({ errors: [{ type: 'UNPROCESSABLE' }] });
  const label = await alice.graphql<{ readonly repository: { readonly label: { readonly id: string; readonly color: string } } }>('{ repository(owner: "alice", name: "shop") { label(name: "cascade") { id color } } }');
  await change('updateLabel', 'UpdateLabelInput', { id: label.repository.label.id, name: 'waterfall' }, 'label{name}');
  expect((await alice.issues.getLabel({ ...where, name: 'waterfall' })).data.color).toBe('aabbcc');
  await change('deleteIssue', 'DeleteIssueInput', { issueId: issue.node_id }, 'repository{name}');
  await expect(alice.issues.get({ ...where, issue_number: 3 })).rejects.toMatchObject({ status: 410 });
  expect(github.journal.writes({ operation: 'graphql/closeIssue' })).toHaveLength(1);
});

it('refuses what is unknown, invisible or not allowed', async () => {
  const { data: issue } = await alice.issues.get({ ...where, issue_number: 1 });
  const eve = quietOctokit(github.url, github.addToken({ login: 'eve' }));
  await expect(alice.graphql('{ viewer { nope } }')).rejects.toThrow("Field 'nope' doesn't exist");
  await expect(alice.graphql('{ viewer { ')).rejects.toThrow('Parse error');
  await expect(alice.graphql('{ node(id: "I_no") { id } }')).rejects.toMatchObject({ errors: [{ type: 'NOT_FOUND' }] });
  await expect(eve.graphql('{ repository(owner: "alice", name: "safe") { id } }')).rejects.toMatchObject({ errors: [{ type: 'NOT_FOUND' }] });
  await expect(eve.graphql('mutation($id: ID!) { closeIssue(input: { issueId: $id }) { issue { id } } }', { id: issue.node_id })).rejects.toMatchObject({ errors: [{ type: 'FORBIDDEN' }] });
  await expect(quietOctokit(github.url).graphql('{ viewer { login } }')).rejects.toMatchObject({ status: 401 });
});
