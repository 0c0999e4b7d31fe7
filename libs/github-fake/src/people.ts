import { type BareRepositories } from './git/bare-repositories.js';
import { createComment, deleteComment, updateComment } from './verbs/comments.js';
import { convertToDiscussion, deleteIssue, transferIssue } from './verbs/ends.js';
import { createIssue, setLocked, updateIssue, type IssueChanges } from './verbs/issues.js';
import { createHook } from './verbs/hooks.js';
import { addLabels, removeLabel } from './verbs/labels.js';
import { createMilestone } from './verbs/milestones.js';
import { createPull, mergePull, pullsOf, setDraft, updatePull } from './verbs/pulls.js';
import { addSubIssue, removeSubIssue } from './verbs/sub-issues.js';
import { notFound } from './world/refusal.js';
import { type Actor, type Comment, type Issue, type Pull } from './world/types.js';
import { type World } from './world/world.js';

/** `owner/name` and a number. */
export interface At {
  readonly repository: string;
  readonly number: number;
}

/** What people do on GitHub's pages: no request, no limits, but the same effects and webhooks. All take and give JSON. */
export class Person {
  readonly #actor: Actor;

  constructor(private readonly world: World, private readonly git: BareRepositories, login: string) {
    this.#actor = { account: world.knownAccount(login) };
  }

  createIssue({ repository, ...fields }: IssueChanges & { readonly repository: string; readonly title: string }): { readonly number: number; readonly id: number } {
    const { number, id } = createIssue(this.world, this.#actor, this.world.knownRepository(repository), fields);
    return { number, id };
  }

  editIssue({ repository, number, ...changes }: At & IssueChanges): void {
    updateIssue(this.world, this.#actor, this.#issue({ repository, number }), changes);
  }

  addLabels({ labels, ...at }: At & { readonly labels: readonly string[] }): void {
    addLabels(this.world, this.#actor, this.#issue(at), labels);
  }

  removeLabel({ label, ...at }: At & { readonly label: string }): void {
    removeLabel(this.world, this.#actor, this.#issue(at), label);
  }

  comment({ body, ...at }: At & { readonly body: string }): { readonly id: number } {
    return { id: createComment(this.world, this.#actor, this.#issue(at), body).id };
  }

  editComment({ id, body, ...at }: At & { readonly id: number; readonly body: string }): void {
    updateComment(this.world, this.#actor, this.#comment(at, id), body);
  }

  deleteComment({ id, ...at }: At & { readonly id: number }): void {
    deleteComment(this.world, this.#actor, this.#comment(at, id));
  }

  addSubIssue({ child, ...at }: At & { readonly child: At }): void {
    addSubIssue(this.world, this.#actor, this.#issue(at), this.#issue(child), true);
  }

  removeSubIssue({ child, ...at }: At & { readonly child: At }): void {
    removeSubIssue(this.world, this.#actor, this.#issue(at), this.#issue(child));
  }

  createMilestone({ repository, title }: { readonly repository: string; readonly title: string }): { readonly number: number } {
    return { number: createMilestone(this.world, this.#actor, this.world.knownRepository(repository), { title }).number };
  }

  lock(at: At): void {
    setLocked(this.world, this.#actor, this.#issue(at), true);
  }

  unlock(at: At): void {
    setLocked(this.world, this.#actor, this.#issue(at), false);
  }

  transferIssue({ to, ...at }: At & { readonly to: string }): { readonly number: number } {
    return { number: transferIssue(this.world, this.#actor, this.#issue(at), this.world.knownRepository(to)).number };
  }

  deleteIssue(at: At): void {
    deleteIssue(this.world, this.#actor, this.#issue(at));
  }

  convertToDiscussion(at: At): void {
    convertToDiscussion(this.world, this.#actor, this.#issue(at));
  }

  /** A webhook with JSON bodies. */
  createHook({ repository, ...fields }: { readonly repository: string; readonly url: string; readonly secret: string; readonly events: readonly string[] }): void {
    createHook(this.world, this.#actor, this.world.knownRepository(repository), { ...fields, contentType: 'json' });
  }

  createPull({ repository, ...fields }: { readonly repository: string; readonly title: string; readonly head: string; readonly base?: string; readonly body?: string; readonly isDraft?: boolean }): { readonly number: number } {
    const to = this.world.knownRepository(repository);
    return { number: createPull(this.world, this.git, this.#actor, to, { base: to.defaultBranch, body: null, isDraft: false, ...fields }).number };
  }

  editPull({ repository, number, ...changes }: At & { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed'; readonly base?: string }): void {
    updatePull(this.world, this.git, this.#actor, this.#pull({ repository, number }), changes);
  }

  setDraft({ isDraft, ...at }: At & { readonly isDraft: boolean }): void {
    setDraft(this.world, this.#actor, this.#pull(at), isDraft);
  }

  /** Closes what its text says that it closes. @returns the merge commit */
  mergePull(at: At): { readonly sha: string } {
    return { sha: mergePull(this.world, this.git, this.#actor, this.#pull(at)) };
  }

  #pull(at: At): Issue & { readonly pull: Pull } {
    const issue = this.#issue(at);
    const found = pullsOf(issue.repository).find((one) => one === issue);
    if (found === undefined) throw notFound();
    return found;
  }

  #issue({ repository, number }: At): Issue {
    const issue = this.world.knownRepository(repository).issues.get(number);
    if (issue === undefined || issue.end !== undefined) throw notFound();
    return issue;
  }

  #comment(at: At, id: number): Comment {
    const comment = this.#issue(at).comments.find((one) => one.id === id);
    if (comment === undefined) throw notFound();
    return comment;
  }
}
