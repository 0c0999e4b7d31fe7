import { type BareRepositories } from '../git/bare-repositories.js';
import { tellPushes } from '../git/pushes.js';
import { created, empty, list, ok, type Answer, type Call, type Handler } from '../http/call.js';
import { type Json } from '../json/account-json.js';
import { repositoryUrl } from '../json/repository-json.js';
import { invalid, notFound, Refusal } from '../world/refusal.js';
import { text } from './lookup.js';

const NOWHERE = '0'.repeat(40);

function refJson(call: Call, branch: string, sha: string): Json {
  const url = repositoryUrl(call.world.root(), call.repository);
  const ref = `refs/heads/${branch}`;
  return { ref, node_id: Buffer.from(ref).toString('base64'), url: `${url}/git/${ref}`, object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` } };
}

const named = (ref: string): string => ref.replace(/^(?:refs\/)?heads\//, '');

function shaOf(call: Call): string {
  const sha = text(call.body['sha']) ?? '';
  if (!/^[0-9a-f]{40}$/.test(sha)) throw invalid('Reference', 'sha', 'invalid');
  return sha;
}

/** Branches only; this fake keeps no tags. */
export function refHandlers(git: BareRepositories): Readonly<Record<string, Handler>> {
  const existing = (call: Call): { readonly branch: string; readonly sha: string | undefined } => {
    const branch = named(call.params['ref'] ?? '');
    return { branch, sha: git.branches(call.repository).get(branch) };
  };
  const moved = (call: Call, branch: string, ...to: readonly string[]): void => {
    const before = git.branches(call.repository);
    try {
      git.git(call.repository, ['update-ref', ...(to.length === 0 ? ['-d'] : []), `refs/heads/${branch}`, ...to]);
    } catch {
      throw invalid('Reference', 'ref', 'custom', `Branch ${branch} cannot be changed so`);
    }
    tellPushes(call.world, git, call.actor, call.repository, before);
  };
  return {
    'repos/list-branches': (call) => list([...git.branches(call.repository)], ([name, sha]) => ({ name, protected: false, commit: { sha, url: `${repositoryUrl(call.world.root(), call.repository)}/commits/${sha}` } })),
    'git/get-ref': (call) => {
      const { branch, sha } = existing(call);
      if (sha === undefined) throw notFound();
      return ok(refJson(call, branch, sha));
    },
    'git/create-ref': (call) => createRef(call, git, moved),
    'git/update-ref': (call) => {
      const { branch, sha } = existing(call);
      const to = shaOf(call);
      if (sha === undefined) throw new Refusal(422, 'Reference does not exist');
      if (call.body['force'] !== true && !git.isAncestor(call.repository, sha, to)) throw new Refusal(422, 'Update is not a fast forward');
      moved(call, branch, to);
      return ok(refJson(call, branch, to));
    },
    'git/delete-ref': (call) => {
      const { branch, sha } = existing(call);
      if (sha === undefined) throw new Refusal(422, 'Reference does not exist');
      moved(call, branch);
      return empty();
    },
  };
}

function createRef(call: Call, git: BareRepositories, moved: (call: Call, branch: string, ...to: readonly string[]) => void): Answer {
  const ref = text(call.body['ref']) ?? '';
  if (!ref.startsWith('refs/heads/')) throw new Refusal(422, "Reference name must start with 'refs/heads/'.");
  const sha = shaOf(call);
  if (git.branches(call.repository).has(named(ref))) throw new Refusal(422, 'Reference already exists');
  moved(call, named(ref), sha, NOWHERE);
  return created(refJson(call, named(ref), sha));
}
