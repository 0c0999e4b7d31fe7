import { accountJson, type Json } from '../json/account-json.js';
import { repositoryJson, repositoryUrl } from '../json/repository-json.js';
import { pushedToPulls } from '../verbs/pulls.js';
import { type Actor, type Repository } from '../world/types.js';
import { fullName, type World } from '../world/world.js';
import { type BareRepositories, type Commit } from './bare-repositories.js';

const NOWHERE = '0'.repeat(40);
/** GitHub tells no more of them in one push. */
const MAX_COMMITS = 20;

interface Push {
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Tells what branches did since `before`: `push` for each, and what it means for pull requests. @returns whether any did */
export function tellPushes(world: World, git: BareRepositories, actor: Actor, repository: Repository, before: ReadonlyMap<string, string>): boolean {
  const now = git.branches(repository);
  const pushes = [...new Set([...before.keys(), ...now.keys()])].map((branch) => ({ branch, before: before.get(branch), after: now.get(branch) })).filter((one) => one.before !== one.after);
  for (const push of pushes) {
    repository.pushedAt = world.now();
    world.emit({ event: 'push', repository, actor, payload: payloadOf(world, git, actor, repository, push) });
    pushedToPulls(world, git, actor, repository, push);
  }
  return pushes.length > 0;
}

/** GitHub's description knows no address without a full domain, which commits of machines have. */
const personOf = ({ author, email }: Commit): Json => ({ name: author, email: /@[^.]+[.]/.test(email) ? email : null });

function payloadOf(world: World, git: BareRepositories, actor: Actor, repository: Repository, push: Push): Json {
  const root = world.root();
  const { before, after, branch } = push;
  const shown = (commit: Commit): Json => ({
    id: commit.id, tree_id: commit.tree, distinct: true, message: commit.message, timestamp: commit.at, url: `${root}/${fullName(repository)}/commit/${commit.id}`, author: personOf(commit),
    committer: personOf(commit), added: [], removed: [], modified: [],
  });
  const commits = after === undefined ? [] : git.log(repository, before ?? (branch === repository.defaultBranch ? undefined : git.branches(repository).get(repository.defaultBranch)), after, MAX_COMMITS).map(shown).reverse();
  const [head] = after === undefined ? [] : git.log(repository, undefined, after, 1);
  return {
    ref: `refs/heads/${branch}`, before: before ?? NOWHERE, after: after ?? NOWHERE, created: before === undefined, deleted: after === undefined,
    forced: before !== undefined && after !== undefined && !git.isAncestor(repository, before, after), base_ref: null, compare: `${repositoryUrl(root, repository)}/compare/${(before ?? NOWHERE).slice(0, 12)}...${(after ?? NOWHERE).slice(0, 12)}`,
    commits, head_commit: head === undefined ? null : shown(head), pusher: { name: actor.account.login, email: `${actor.account.id}@users.noreply.github.com` },
    // `push` has an older form of the repository than the other events.
    repository: {
      ...repositoryJson(root, repository), owner: { ...accountJson(root, repository.owner), name: repository.owner.login, email: null },
      created_at: Math.floor(repository.createdAt / 1000), pushed_at: Math.floor(repository.pushedAt / 1000), stargazers: 0, master_branch: repository.defaultBranch,
    },
  };
}
