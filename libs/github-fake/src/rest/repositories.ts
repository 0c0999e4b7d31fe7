import { created, empty, list, ok, type Call, type Handler } from '../http/call.js';
import { accountJson, profileJson, type Json } from '../json/account-json.js';
import { issueJson } from '../json/issue-json.js';
import { fullRepositoryJson } from '../json/repository-json.js';
import { addRepository } from '../verbs/accounts.js';
import { invalid, notFound, Refusal } from '../world/refusal.js';
import { atLeast, roles, type Account, type Issue, type Role } from '../world/types.js';
import { text } from './lookup.js';

function named(call: Call): Account {
  const account = call.world.account(call.params['username'] ?? '');
  if (account === undefined) throw notFound();
  return account;
}

/** The older names, in which triage is read and maintain is write. */
const legacy: Readonly<Record<Role, string>> = { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' };
/** What people write when they invite somebody. */
const invited: Readonly<Record<string, Role>> = { pull: 'read', push: 'write' };

function collaboratorJson(call: Call, account: Account): Json {
  const role = call.world.roleOf(account, call.repository);
  const permissions = { admin: atLeast(role, 'admin'), maintain: atLeast(role, 'maintain'), push: atLeast(role, 'write'), triage: atLeast(role, 'triage'), pull: atLeast(role, 'read') };
  return { ...accountJson(call.world.root(), account), permissions, role_name: role };
}

export const repositoryHandlers: Readonly<Record<string, Handler>> = {
  'repos/get': (call) => ok(fullRepositoryJson(call.world.root(), call.repository, call.role)),
  'repos/create-for-authenticated-user': (call) => {
    const name = text(call.body['name']) ?? '';
    if (call.world.repository(call.actor.account.login, name) !== undefined) throw invalid('Repository', 'name', 'custom', 'name already exists on this account');
    const repository = addRepository(call.world, `${call.actor.account.login}/${name}`, { isPrivate: call.body['private'] === true });
    return created(fullRepositoryJson(call.world.root(), repository, 'admin'));
  },
  'repos/delete': (call) => {
    call.world.repositories.delete(call.repository.id);
    return empty();
  },
  'repos/list-collaborators': (call) => {
    const logins = new Set([...call.repository.owner.type === 'User' ? [call.repository.owner.login.toLowerCase()] : call.repository.owner.members, ...call.repository.collaborators.keys()]);
    return list([...logins].map((login) => call.world.knownAccount(login)), (account) => collaboratorJson(call, account));
  },
  'repos/get-collaborator-permission-level': (call) => {
    const account = named(call);
    const role = call.world.roleOf(account, call.repository);
    return ok({ permission: legacy[role], role_name: role, user: collaboratorJson(call, account) });
  },
  'repos/add-collaborator': (call) => {
    const asked = text(call.body['permission']) ?? 'push';
    const role = invited[asked] ?? roles.find((one) => one === asked);
    if (role === undefined) throw invalid('Collaborator', 'permission', 'invalid');
    call.repository.collaborators.set(named(call).login.toLowerCase(), role);
    return empty();
  },
  'repos/remove-collaborator': (call) => {
    call.repository.collaborators.delete(named(call).login.toLowerCase());
    return empty();
  },
};

/** Good enough to prove that nobody relies on it: words in the title, `repo:`, `is:`, `state:`, `label:`. */
function found(call: Call): readonly Issue[] {
  const terms = (call.query['q'] ?? '').split(/\s+/).filter((one) => one !== '');
  const is = (issue: Issue, term: string): boolean => {
    const [key = '', value] = term.toLowerCase().split(/:(.*)/s, 2);
    if (value === undefined) return issue.title.toLowerCase().includes(key);
    if (key === 'repo') return `${issue.repository.owner.login}/${issue.repository.name}`.toLowerCase() === value;
    if (key === 'label') return issue.labels.some((one) => one.name.toLowerCase() === value.replaceAll('"', ''));
    if (key === 'state' || value === 'open' || value === 'closed') return issue.state === value;
    if (key === 'is') return value === 'issue' ? issue.pull === undefined : value !== 'pr' || issue.pull !== undefined;
    return true;
  };
  return [...call.world.repositories.values()].filter((one) => call.world.roleOf(call.actor.account, one) !== 'none')
    .flatMap((one) => [...one.issues.values()]).filter((issue) => issue.end === undefined && terms.every((term) => is(issue, term)));
}

export const generalHandlers: Readonly<Record<string, Handler>> = {
  'users/get-authenticated': (call) => {
    if (call.caller.kind !== 'token') throw new Refusal(401, 'Requires authentication');
    if (call.installation !== undefined) throw new Refusal(403, 'Resource not accessible by integration');
    return ok(profileJson(call.world.root(), call.actor.account));
  },
  'users/get-by-username': (call) => ok(profileJson(call.world.root(), named(call))),
  'search/issues-and-pull-requests': (call) => {
    const issues = found(call);
    return list(issues, (issue) => ({ ...issueJson(call.world.root(), issue), body: issue.body ?? '', score: 1 }), (items) => ({ total_count: issues.length, incomplete_results: false, search_type: 'lexical', items }));
  },
};
