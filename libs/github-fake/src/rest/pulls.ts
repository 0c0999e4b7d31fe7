import { created, list, ok, type Call, type Handler } from '../http/call.js';
import { type BareRepositories } from '../git/bare-repositories.js';
import { pullInList, pullJson } from '../json/pull-json.js';
import { createPull, mergePull, pullsOf, updatePull, withoutOwner } from '../verbs/pulls.js';
import { notFound, Refusal } from '../world/refusal.js';
import { type Issue, type Pull } from '../world/types.js';
import { checkMayEdit, issueNumbered, text } from './lookup.js';

function pullOf(call: Call): Issue & { readonly pull: Pull } {
  const issue = issueNumbered(call.world, call.repository, Number(call.params['pull_number']));
  const found = pullsOf(call.repository).find((one) => one === issue);
  if (found === undefined) throw notFound();
  return found;
}

function listed(call: Call): readonly Issue[] {
  const { state = 'open', head, base, sort = 'created', direction = sort === 'created' ? 'desc' : 'asc' } = call.query;
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = direction === 'asc' ? 1 : -1;
  const pulls = call.listed().filter((one) => one.pull !== undefined && (state === 'all' || one.state === state) && (base === undefined || one.pull.base === base));
  // GitHub ignores a head that does not say whose it is.
  const ofHead = head?.includes(':') === true ? pulls.filter((one) => one.pull?.head === withoutOwner(call.repository, head)) : pulls;
  return ofHead.toSorted((a, b) => sign * (a[key] - b[key] || a.number - b.number));
}

const shown = (call: Call, issue: Issue): unknown => pullJson(call.world.root(), issue);

export const pullHandlers = (git: BareRepositories): Readonly<Record<string, Handler>> => ({
  'pulls/list': (call) => list(listed(call), (issue) => pullInList(call.world.root(), issue)),
  'pulls/get': (call) => ok(shown(call, pullOf(call))),
  'pulls/create': (call) => {
    const { body } = call;
    const fields = { title: text(body['title']) ?? '', body: text(body['body']) ?? null, head: text(body['head']) ?? '', base: text(body['base']) ?? '', isDraft: body['draft'] === true };
    return created(shown(call, createPull(call.world, git, call.actor, call.repository, fields)));
  },
  'pulls/update': (call) => {
    const issue = pullOf(call);
    checkMayEdit(call, issue.author);
    const { body } = call;
    updatePull(call.world, git, call.actor, issue, { title: text(body['title']), body: body['body'] === undefined ? undefined : text(body['body']) ?? null, state: body['state'] as 'open' | 'closed' | undefined, base: text(body['base']) });
    return ok(shown(call, issue));
  },
  'pulls/merge': (call) => {
    const issue = pullOf(call);
    const { sha } = call.body;
    if (sha !== undefined && sha !== issue.pull.headSha) throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
    return ok({ sha: mergePull(call.world, git, call.actor, issue), merged: true, message: 'Pull Request successfully merged' });
  },
});
