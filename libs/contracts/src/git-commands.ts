import { z } from 'zod';
import { defineCommand } from '@cascade/messages';
import { resultBranch } from './effects.js';
import { sha, testPlan } from './project.js';
import { relativePath } from './repository-path.js';
import { taskId } from './task-model.js';

const repositoryId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/);
const workspaceId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/);
const cascadeId = z.string().min(1).max(200);

export const gitOpenRepository = defineCommand('git.open_repository', 'Fetches a repository into the cache and opens the cascade\'s integration branch at the tip of `branch`.', z.object({
  cascadeId,
  repository: z.string().min(1).max(2000),
  branch: z.string().min(1).max(244).optional(),
}), z.object({
  repositoryId,
  repositoryName: z.string(),
  branch: z.string(),
  baseSha: sha,
  /** Smallest epic number that neither docs, specs nor cascade/* branches use yet. */
  nextEpicId: z.number().int().positive(),
  /** For people, e.g. that uncommitted changes are not part of the run. */
  notices: z.array(z.string()),
}));

export const gitReadFiles = defineCommand('git.read_files', 'Lists a commit\'s files and reads some of them; bounded, binary and oversize files are named in `omitted`.', z.object({
  repositoryId,
  commit: sha,
  /** Files to read; none reads nothing and only lists. */
  paths: z.array(relativePath).max(200),
  maxBytes: z.number().int().positive().max(2_000_000),
}), z.object({
  entries: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  files: z.array(z.object({ path: z.string(), text: z.string() })),
  omitted: z.array(z.object({ path: z.string(), reason: z.enum(['missing', 'binary', 'too-large']) })),
}));

export const gitReadTip = defineCommand('git.read_tip', 'The newest commit of a cascade\'s integration branch.', z.object({ cascadeId, repositoryId }), z.object({ commit: sha }));

export const gitShowChange = defineCommand('git.show_change', 'What a cascade changed, as a unified diff: everything between `since` and `commit`, or what its commit of one task did.', z.object({
  cascadeId, repositoryId,
  commit: sha,
  since: sha,
  /** Looked for by its trailers among the commits after `since`. */
  taskId: taskId.optional(),
  maxBytes: z.number().int().positive().max(2_000_000),
}), z.object({
  /** Absent: there is no commit of this task. */
  commit: sha.optional(),
  text: z.string(),
  /** The diff goes on after `maxBytes`. */
  cut: z.boolean(),
}));

/** Name of a content in the folder `exports` of CASCADE_STORE, where it is kept for an hour. */
const exported = z.string().regex(/^[0-9a-f]{64}$/);

/** What `git.list_tree` lists. Paths are as git has them: whoever uses one checks it. */
export const treeList = z.object({
  files: z.array(z.object({ path: z.string(), blob: sha, kind: z.enum(['file', 'symlink', 'submodule']) })),
  /** Paths that are gone; none in a list of the whole commit. */
  removed: z.array(z.string()),
});
export type TreeList = z.output<typeof treeList>;

/** Bound of the bytes of all files that one reply carries, and of the changes that it does. */
export const MAX_CARRIED_BYTES = 128 * 1024;
export const MAX_CARRIED_CHANGES = 64;

const carriedChanges = treeList.extend({
  /** Bytes of changed files, those that have room. */
  contents: z.array(z.object({ blob: sha, base64: z.string().max(MAX_CARRIED_BYTES * 2) })).max(MAX_CARRIED_CHANGES),
});

export const gitListTree = defineCommand('git.list_tree', 'Fetches a repository into the cache unless it is on this machine, where it is read in its place, and lists the files of the tip of `branch` (or of `commit`) with their blobs; or only what is another than in the commit `since`, where that is there. Few changes are in the reply, with the bytes of the files; a longer list lies in the store.', z.object({
  repository: z.string().min(1).max(2000),
  branch: z.string().min(1).max(244).optional(),
  commit: sha.optional(),
  since: sha.optional(),
}), z.object({
  repositoryId,
  repositoryName: z.string(),
  branch: z.string(),
  commit: sha,
  /** What the list is relative to; absent: it is whole. */
  since: sha.optional(),
  list: z.union([exported, carriedChanges]),
}));

export const gitExportBlobs = defineCommand('git.export_blobs', 'Reads blobs of a repository in the cache, one after the other into one content in the store, as many as fit; `left` are to be asked for again.', z.object({
  repositoryId,
  blobs: z.array(sha).min(1).max(10_000),
  eachBytes: z.number().int().positive().max(16_000_000),
  allBytes: z.number().int().positive().max(32_000_000),
}), z.object({
  content: exported,
  blobs: z.array(z.object({ blob: sha, offset: z.number().int(), bytes: z.number().int() })),
  omitted: z.array(z.object({ blob: sha, reason: z.enum(['missing', 'too-large']) })),
  left: z.array(sha),
}));

export const gitTestCommit = defineCommand('git.test_commit', 'Installs what the tests of a commit need, and runs its whole suite in the sandbox. Failing tests, or a suite that fails without one, are an answer; packages that cannot be installed and a missing sandbox are errors.', z.object({
  cascadeId, repositoryId, commit: sha, testPlan,
}), z.object({
  /** Left with 0, and no test failed. */
  green: z.boolean(),
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  /** Names of some failed tests, sorted. */
  failing: z.array(z.string().max(500)).max(20),
  /** What the run said, for people. */
  output: z.string().max(20_000),
}));

export const gitOpenWorkspace = defineCommand('git.open_workspace', 'A checkout of its own for one task; the same key gives the same workspace, reset to `base`; with a `fence` one of its own, with the same commits.', z.object({
  cascadeId, repositoryId, key: z.string().min(1).max(300), base: sha,
  /** Token of the run that opens it: a worker that was frozen and writes late writes into another folder. */
  fence: z.number().int().positive().optional(),
}), z.object({ workspaceId, path: z.string(), baseSha: sha }));

export const gitCommit = defineCommand('git.commit', 'Commits given files onto the integration branch, or the named paths of a workspace onto its branch.', z.object({
  cascadeId,
  repositoryId,
  target: z.discriminatedUnion('kind', [z.object({ kind: z.literal('integration') }), z.object({ kind: z.literal('workspace'), workspaceId, paths: z.array(relativePath).min(1).max(200) })]),
  /** For the integration branch: whole contents; null deletes. */
  files: z.array(z.object({ path: relativePath, content: z.string().max(1_000_000).nullable() })).max(200),
  subject: z.string().min(1).max(200),
  body: z.string().max(10_000),
  trailers: z.array(z.object({ name: z.string().regex(/^[A-Z][A-Za-z-]{1,40}$/), value: z.string().min(1).max(300) })).max(20),
}), z.object({ sha, changed: z.array(z.string()) }));

export const gitCloseWorkspace = defineCommand('git.close_workspace', 'Removes the workspace that was opened with a key; its commits stay.', z.object({ cascadeId, repositoryId, key: z.string().min(1).max(300) }), z.object({ closed: z.boolean() }));

export const gitCloseRepository = defineCommand('git.close_repository', 'Removes the internal refs of a cascade.', z.object({ cascadeId }), z.object({ refs: z.number().int() }));

export const gitPublishBranch = defineCommand('git.publish_branch', 'Puts a commit into the user\'s repository as a new branch; nothing else there changes.', z.object({
  cascadeId, repositoryId, commit: sha, branch: resultBranch,
}), z.object({ branch: z.string(), sha }));

export const gitSpreadStory = defineCommand('git.spread_story', 'Spreads the commits of a finished story over branches that people can read one by one: one a unit, stacked where one builds on another; refs of the cascade in the cache, nothing more.', z.object({
  cascadeId, repositoryId, storyId: z.string().min(1).max(40),
  /** In an order in which each follows what it depends on. */
  units: z.array(z.object({ branch: resultBranch, tasks: z.array(taskId).min(1).max(50), commit: sha, dependsOn: z.array(resultBranch).max(100) })).min(1).max(100),
}), z.object({
  driver: z.enum(['worktree', 'gitbutler']),
  branches: z.array(z.object({ branch: resultBranch, sha, above: resultBranch.optional() })).max(100),
}));

/** Where to push to, when that is not where the repository came from: an https or ssh address, or `owner/name` on the configured GitHub. */
const remote = z.string().min(1).max(2000).optional();

export const gitPushBranch = defineCommand('git.push_branch', 'Pushes a commit of a cascade, also of a completed one, to a branch of its remote: creates the branch, or moves it forward from what the cascade pushed there before. Anything else there is somebody\'s work, and an error (`CASC_BRANCH_NOT_OURS`).', z.object({
  cascadeId, repositoryId, commit: sha, branch: resultBranch, remote,
  /** Where the caller pushed it to before; absent: nowhere. */
  previous: sha.optional(),
}), z.object({
  branch: z.string(),
  /** Where the branch is now: the commit, or a later one that holds it. */
  sha,
  moved: z.boolean(),
}));

export const gitWithdrawBranch = defineCommand('git.withdraw_branch', 'Removes a published or pushed branch, unless somebody works with it: another commit there, checked out, or merged.', z.object({
  cascadeId, repositoryId, commit: sha, branch: resultBranch, remote,
}), z.object({ withdrawn: z.boolean() }));

export const gitCleanUp = defineCommand('git.clean_up', 'Removes all workspaces and internal refs of a cascade.', z.object({ cascadeId }), z.object({ workspaces: z.number().int(), refs: z.number().int() }));

export const gitCommands = [gitOpenRepository, gitReadFiles, gitReadTip, gitShowChange, gitListTree, gitExportBlobs, gitTestCommit, gitOpenWorkspace, gitCommit, gitSpreadStory, gitCloseWorkspace, gitCloseRepository, gitPublishBranch, gitPushBranch, gitWithdrawBranch, gitCleanUp] as const;
