import { type BareRepositories } from '../git/bare-repositories.js';
import { invalid, Refusal } from '../world/refusal.js';
import { type Actor, type Issue, type Pull, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { tellIssue } from './changes.js';
import { createIssue, updateIssue } from './issues.js';

export interface PullFields {
  readonly title: string;
  readonly body: string | null;
  /** Branch, perhaps with its owner before a colon. */
  readonly head: string;
  readonly base: string;
  readonly isDraft: boolean;
}

export const pullsOf = (repository: Repository): readonly (Issue & { readonly pull: Pull })[] =>
  [...repository.issues.values()].filter((one): one is Issue & { readonly pull: Pull } => one.pull !== undefined);

/** @throws Refusal 422 when a branch is missing, nothing is between them, or there is an open one already */
export function createPull(world: World, git: BareRepositories, actor: Actor, repository: Repository, fields: PullFields): Issue {
  const head = withoutOwner(repository, fields.head);
  const branches = git.branches(repository);
  const headSha = branches.get(head);
  const baseSha = branches.get(fields.base);
  if (headSha === undefined) throw invalid('PullRequest', 'head', 'invalid');
  if (baseSha === undefined) throw invalid('PullRequest', 'base', 'invalid');
  if (git.isAncestor(repository, headSha, baseSha)) throw custom(`No commits between ${fields.base} and ${head}`);
  const exists = pullsOf(repository).some((one) => one.state === 'open' && one.pull.head === head && one.pull.base === fields.base);
  if (exists) throw custom(`A pull request already exists for ${repository.owner.login}:${head}.`);
  const pull: Pull = { ...world.identity('PR'), head, base: fields.base, headSha, baseSha, isDraft: fields.isDraft };
  return createIssue(world, actor, repository, { title: fields.title, body: fields.body }, pull);
}

const custom = (message: string): Refusal => new Refusal(422, 'Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'custom', message }]);

export function withoutOwner(repository: Repository, head: string): string {
  const [owner, branch] = head.split(':', 2);
  return branch !== undefined && owner?.toLowerCase() === repository.owner.login.toLowerCase() ? branch : head;
}

export function updatePull(world: World, git: BareRepositories, actor: Actor, issue: Issue & { readonly pull: Pull }, changes: { readonly title?: string | undefined; readonly body?: string | null | undefined; readonly state?: 'open' | 'closed' | undefined; readonly base?: string | undefined }): void {
  const { base, ...rest } = changes;
  if (rest.state === 'open' && issue.pull.merge !== undefined) throw custom('state cannot be changed. The pull request cannot be reopened.');
  if (base !== undefined && base !== issue.pull.base) {
    const sha = git.branches(issue.repository).get(base);
    if (sha === undefined) throw invalid('PullRequest', 'base', 'invalid');
    const from = { ref: { from: issue.pull.base }, sha: { from: issue.pull.baseSha } };
    Object.assign(issue.pull, { base, baseSha: sha });
    issue.updatedAt = world.now();
    tellIssue(world, actor, issue, 'edited', { changes: { base: from } });
  }
  updateIssue(world, actor, issue, rest);
}

/** By GraphQL only: REST knows no such change. */
export function setDraft(world: World, actor: Actor, issue: Issue & { readonly pull: Pull }, isDraft: boolean): void {
  if (issue.pull.isDraft === isDraft) return;
  issue.pull.isDraft = isDraft;
  issue.updatedAt = world.now();
  tellIssue(world, actor, issue, isDraft ? 'converted_to_draft' : 'ready_for_review');
}

/** @throws Refusal 405 when it is no longer open, a draft, or in conflict with its base */
export function mergePull(world: World, git: BareRepositories, actor: Actor, issue: Issue & { readonly pull: Pull }): string {
  const sha = issue.state !== 'open' || issue.pull.isDraft ? undefined : git.merge(issue.repository, issue.pull.base, issue.pull.headSha, `Merge pull request #${issue.number} from ${issue.repository.owner.login}/${issue.pull.head}`);
  if (sha === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
  merged(world, actor, issue, sha);
  return sha;
}

const closing = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d{1,9})\b/gi;

/** What the text of a merged pull request says that it closes is closed, when it went into the default branch. */
function merged(world: World, actor: Actor, issue: Issue & { readonly pull: Pull }, sha: string): void {
  issue.pull.merge = { sha, at: world.now(), by: actor.account };
  updateIssue(world, actor, issue, { state: 'closed' });
  if (issue.pull.base !== issue.repository.defaultBranch) return;
  for (const [, number] of (issue.body ?? '').matchAll(closing)) {
    const closed = issue.repository.issues.get(Number(number));
    if (closed !== undefined && closed.pull === undefined && closed.end === undefined) updateIssue(world, actor, closed, { state: 'closed' });
  }
}

/** Pull requests of a branch that moved have another head; one whose head is gone is closed; one whose head is in its base is merged. */
export function pushedToPulls(world: World, git: BareRepositories, actor: Actor, repository: Repository, { branch, before, after }: { readonly branch: string; readonly before: string | undefined; readonly after: string | undefined }): void {
  for (const issue of pullsOf(repository).filter((one) => one.state === 'open')) {
    if (issue.pull.head === branch && after === undefined) updateIssue(world, actor, issue, { state: 'closed' });
    else if (issue.pull.head === branch && after !== undefined) {
      issue.pull.headSha = after;
      issue.updatedAt = world.now();
      tellIssue(world, actor, issue, 'synchronize', { before: before ?? after, after });
    } else if (issue.pull.base === branch && after !== undefined) {
      issue.pull.baseSha = after;
      if (git.isAncestor(repository, issue.pull.headSha, after)) merged(world, actor, issue, after);
    }
  }
}
