import { notFound, Refusal } from '../world/refusal.js';
import { atLeast, type PermissionLevel, type Repository, type Role } from '../world/types.js';
import { type World } from '../world/world.js';
import { type Caller } from './call.js';

/** What an operation needs: a permission of Apps and fine-grained tokens, and a role of people. */
export interface Need {
  readonly permission: string;
  readonly level: PermissionLevel;
  readonly role: Role;
}

/** Roles above the least one; handlers check more where authors may do what others may not. */
const rolesNeeded: Readonly<Record<string, Role>> = {
  'issues/add-labels': 'triage', 'issues/set-labels': 'triage', 'issues/remove-label': 'triage', 'issues/remove-all-labels': 'triage', 'issues/add-assignees': 'triage', 'issues/remove-assignees': 'triage',
  'issues/add-sub-issue': 'triage', 'issues/remove-sub-issue': 'triage', 'issues/reprioritize-sub-issue': 'triage', 'issues/lock': 'write', 'issues/unlock': 'write',
  'issues/create-label': 'write', 'issues/update-label': 'write', 'issues/delete-label': 'write', 'issues/create-milestone': 'write', 'issues/update-milestone': 'write', 'issues/delete-milestone': 'write',
  'pulls/create': 'write', 'pulls/merge': 'write', 'git/create-ref': 'write', 'git/update-ref': 'write', 'git/delete-ref': 'write', 'repos/list-collaborators': 'write', 'repos/add-collaborator': 'admin', 'repos/remove-collaborator': 'admin', 'repos/delete': 'admin',
};

export function needOf(operation: string, method: string): Need {
  const level = method === 'GET' ? 'read' : 'write';
  if (/^repos\/.*webhook/.test(operation)) return { permission: 'repository_hooks', level, role: 'admin' };
  const role = rolesNeeded[operation] ?? 'read';
  if (operation.startsWith('issues/')) return { permission: 'issues', level, role };
  if (operation.startsWith('pulls/')) return { permission: 'pull_requests', level, role };
  if (operation.startsWith('git/') || operation.includes('branch')) return { permission: 'contents', level, role };
  if (method === 'GET') return { permission: 'metadata', level: 'read', role };
  return { permission: 'administration', level: 'write', role };
}

const hookScopes = ['repo', 'admin:repo_hook', 'write:repo_hook'];

/** Scopes of classic tokens of which one is enough. */
export function scopesFor(need: Need, repository: Repository): readonly string[] {
  if (need.permission === 'repository_hooks') return repository.isPrivate ? hookScopes : [...hookScopes, 'public_repo'];
  if (repository.isPrivate) return ['repo'];
  return need.level === 'read' ? [] : ['public_repo', 'repo'];
}

/**
 * Whether the caller may do this to the repository, as GitHub decides it.
 *
 * @returns the caller's role
 * @throws Refusal 404 when it may not even know of the repository, 401 or 403 when it may
 */
export function admit(world: World, caller: Caller, repository: Repository, need: Need): Role {
  if (caller.kind === 'app') throw new Refusal(403, 'Resource not accessible by integration');
  if (caller.kind === 'anonymous') {
    if (repository.isPrivate) throw notFound();
    if (need.level !== 'read' || need.role !== 'read') throw new Refusal(401, 'Requires authentication');
    return 'read';
  }
  const { token } = caller;
  if (token.kind === 'classic') return admitScopes(token.scopes, world.roleOf(token.account, repository), need, repository);
  const name = token.kind === 'installation' ? 'integration' : 'personal access token';
  const reaches = (token.repositories === undefined || token.repositories.has(repository.id)) && (token.installation === undefined || token.installation.account === repository.owner);
  if (!reaches && repository.isPrivate) throw notFound();
  const granted = token.permissions[need.permission];
  const suffices = reaches && (granted === 'admin' || granted === 'write' || (granted === 'read' && need.level === 'read') || (need.permission === 'metadata' && need.level === 'read'));
  if (!suffices && !(need.level === 'read' && need.role === 'read' && !repository.isPrivate)) throw new Refusal(403, `Resource not accessible by ${name}`);
  return token.kind === 'installation' ? suffices ? 'write' : 'read' : admitRole(world.roleOf(token.account, repository), need);
}

function admitScopes(scopes: readonly string[], role: Role, need: Need, repository: Repository): Role {
  const enough = scopesFor(need, repository);
  if (!atLeast(role, 'read') || (enough.length > 0 && !enough.some((one) => scopes.includes(one)))) throw notFound();
  return admitRole(role, need);
}

/** Hooks are hidden from who may not see them; other refusals are told. */
function admitRole(role: Role, need: Need): Role {
  if (!atLeast(role, 'read') || (need.permission === 'repository_hooks' && !atLeast(role, 'admin'))) throw notFound();
  if (!atLeast(role, need.role)) throw new Refusal(403, need.role === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access to repository');
  return role;
}
