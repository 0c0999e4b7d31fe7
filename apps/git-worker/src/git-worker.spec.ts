import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  gitCleanUp, gitCloseRepository, gitCloseWorkspace, gitCommit, gitExportBlobs, gitListTree, gitOpenRepository, gitOpenWorkspace, gitPublishBranch, gitPushBranch, gitReadFiles, gitReadTip, gitSpreadStory, gitTestCommit, gitWithdrawBranch, redisKeys, taskImplemented, treeList, type CommandDefinition, type ReplyOf, type RequestOf, type TestPlan,
} from '@cascade/contracts';
import { ExportStore, HostConfig, startService, type RunningService } from '@cascade/service-host';
import { CommandClient, EventPublisher } from '@cascade/streams';
import { Redis } from 'ioredis';
import { removeTemporaryFolders, sampleGitRepository, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { service } from './index.js';
import { cartFiles, moduleFiles } from './testing/worker-fixture.js';

const testPlan: TestPlan = { ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test' };
let redis: TestRedis;
let config: HostConfig;
let running: RunningService;
let commands: CommandClient;
let publisher: EventPublisher;
let reader: Redis;
let calls = 0;

async function send<D extends CommandDefinition>(definition: D, request: RequestOf<D>): Promise<ReplyOf<D>> {
  calls += 1;
  return await commands.send(definition, request, { key: `call-${calls}`, cascadeId: 'c1', signal: AbortSignal.timeout(120_000) });
}

beforeAll(async () => {
  redis = await startTestRedis();
  const root = temporaryFolder('git-worker');
  config = new HostConfig(redis.url, join(root, 'cache'), join(root, 'workspaces'), 4, 30_000, undefined);
  running = await startService(service, config);
  commands = new CommandClient({ redis: { url: redis.url } });
  publisher = new EventPublisher({ redis: { url: redis.url } });
  reader = new Redis(redis.url);
});
afterAll(async () => {
  reader.disconnect();
  await publisher.close();
  await commands.close();
  await running.stop();
  await redis.stop();
  removeTemporaryFolders();
});

it('answers every git command over Redis: from a user\'s repository to a branch in it', async () => {
  const repository = sampleGitRepository(cartFiles, 'cart');
  const common = { cascadeId: 'c1' };
  const text = { subject: 'docs: x', body: 'Why.', trailers: [{ name: 'Cascade-Id', value: 'c1' }] };
  const { repositoryId, ...opened } = await send(gitOpenRepository, { ...common, repository: repository.folder });
  expect(opened).toEqual({ repositoryName: 'cart', branch: 'main', baseSha: repository.git('rev-parse', 'HEAD'), nextEpicId: 1, notices: [] });
  const read = await send(gitReadFiles, { repositoryId, commit: opened.baseSha, paths: ['src/sum.js'], maxBytes: 1000 });
  expect(read.files).toEqual([{ path: 'src/sum.js', text: cartFiles['src/sum.js'] }]);
  expect(await send(gitTestCommit, { ...common, repositoryId, commit: opened.baseSha, testPlan })).toMatchObject({ green: true, passed: 1, failed: 0, failing: [] });
  const document = await send(gitCommit, { ...common, repositoryId, target: { kind: 'integration' }, files: [{ path: 'docs/a.md', content: 'A\n' }], ...text });
  expect(document.changed).toEqual(['docs/a.md']);
  expect(await send(gitReadTip, { ...common, repositoryId })).toEqual({ commit: document.sha });
  const workspace = await send(gitOpenWorkspace, { ...common, repositoryId, key: 'T001', base: document.sha });
  expect(readFileSync(join(workspace.path, 'docs/a.md'), 'utf8')).toBe('A\n');
  writeFileSync(join(workspace.path, 'src/sum.js'), 'export const sum = 1;\n');
  const commit = await send(gitCommit, { ...common, repositoryId, target: { kind: 'workspace', workspaceId: workspace.workspaceId, paths: ['src/sum.js'] }, files: [], ...text, trailers: [{ name: 'Task', value: 'T001' }] });
  const unit = { branch: 'cascade/1-cart-story-1-1-t001', tasks: ['T001'], commit: commit.sha, dependsOn: [] };
  expect(await send(gitSpreadStory, { ...common, repositoryId, storyId: '1.1', units: [unit] })).toEqual({ driver: 'worktree', branches: [{ branch: unit.branch, sha: expect.any(String) }] });
  expect(await send(gitCloseWorkspace, { ...common, repositoryId, key: 'T001' })).toEqual({ closed: true });
  expect(await send(gitPublishBranch, { ...common, repositoryId, commit: commit.sha, branch: 'cascade/1-cart' })).toEqual({ branch: 'cascade/1-cart', sha: commit.sha });
  await expect(send(gitPushBranch, { ...common, repositoryId, commit: commit.sha, branch: 'cascade/1-cart' })).rejects.toMatchObject({ code: 'CASC_REPOSITORY_NOT_LINKED' });
  expect(repository.git('log', '--format=%s', 'main..cascade/1-cart')).toBe('docs: x\ndocs: x');
  expect(repository.git('status', '--porcelain')).toBe('');
  expect(await send(gitWithdrawBranch, { ...common, repositoryId, commit: commit.sha, branch: 'cascade/1-cart' })).toEqual({ withdrawn: true });
  expect(await send(gitCloseRepository, common)).toEqual({ refs: 5 });
  expect(await send(gitCleanUp, common)).toEqual({ workspaces: 0, refs: 0 });
});

it('takes task.implemented from its stream to task.integrated in its stream', async () => {
  const repository = sampleGitRepository(cartFiles, 'cart');
  const { notices, nextEpicId, ...opened } = await send(gitOpenRepository, { cascadeId: 'c2', repository: repository.folder });
  const common = { cascadeId: 'c2', repositoryId: opened.repositoryId };
  const { workspaceId, path } = await send(gitOpenWorkspace, { ...common, key: 'T001', base: opened.baseSha });
  const files = moduleFiles('tax', 7);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  const { sha } = await send(gitCommit, { ...common, target: { kind: 'workspace', workspaceId, paths: Object.keys(files) }, files: [], subject: 'feat: tax', body: '', trailers: [] });
  await publisher.publish(taskImplemented, {
    project: {
      request: 'x', ...opened, epicId: nextEpicId, epicName: 'cart', clarifications: 'assume',
      testPlan,
    },
    taskId: 'T001', attempt: 1, workspaceId, commitSha: sha, evidence: { redTests: ['tax is right'], lockedTests: {}, attempts: 1 },
  }, { cascadeId: 'c2' });
  const reply = await reader.xread('COUNT', 1, 'BLOCK', 120_000, 'STREAMS', redisKeys.stream('task.integrated'), '0');
  const fields = reply?.[0]?.[1]?.[0]?.[1] ?? [];
  const data: unknown = JSON.parse(fields[fields.indexOf('data') + 1] ?? '{}');
  expect(data).toMatchObject({ taskId: 'T001', commitSha: sha, integrationSha: sha, report: { total: 2, passed: 2 }, evidence: { redTests: ['tax is right'] } });
  expect(existsSync(path)).toBe(false);
  expect(notices).toEqual([]);
});

it('says of a commit which of its tests fail, and leaves no checkout behind', async () => {
  const repository = sampleGitRepository({ ...cartFiles, ...moduleFiles('tax', 7, 8) }, 'cart');
  const { repositoryId, baseSha } = await send(gitOpenRepository, { cascadeId: 'c3', repository: repository.folder });
  const tried = await send(gitTestCommit, { cascadeId: 'c3', repositoryId, commit: baseSha, testPlan });
  expect(tried).toMatchObject({ green: false, passed: 1, failed: 1, failing: [expect.stringContaining('tax is right')], output: expect.stringContaining('tax is right') });
  expect(await send(gitTestCommit, { cascadeId: 'c3', repositoryId, commit: baseSha, testPlan: { ...testPlan, command: ['node', '--no-such-option'] } })).toMatchObject({ green: false, failed: 0 });
  expect(await send(gitCleanUp, { cascadeId: 'c3' })).toEqual({ workspaces: 0, refs: 4 });
});

it('leaves lists and contents in the store, for who asked to read them there, and answers few changes with their contents', async () => {
  const repository = sampleGitRepository(cartFiles, 'cart');
  const exports = new ExportStore(config);
  const tree = await send(gitListTree, { repository: repository.folder });
  expect(tree).toMatchObject({ branch: 'main', commit: repository.git('rev-parse', 'HEAD') });
  const { files } = treeList.parse(JSON.parse(String(await exports.get(tree.list as string))));
  expect(files.map(({ path }) => path)).toEqual(Object.keys(cartFiles).toSorted());
  const read = await send(gitExportBlobs, { repositoryId: tree.repositoryId, blobs: files.map(({ blob }) => blob), eachBytes: 1_000, allBytes: 10_000 });
  expect(String(await exports.get(read.content))).toBe(files.map(({ path }) => cartFiles[path as keyof typeof cartFiles]).join(''));
  repository.write({ 'new.js': 'new\n' });
  const commit = repository.commit('new');
  expect(await send(gitListTree, { repository: repository.folder, since: tree.commit })).toMatchObject({ commit, list: { files: [{ path: 'new.js' }], removed: [], contents: [{ base64: Buffer.from('new\n').toString('base64') }] } });
});

it('gives errors to the caller with code, message and advice', async () => {
  await expect(send(gitOpenRepository, { cascadeId: 'c1', repository: '/nowhere/at/all' })).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_NOT_FOUND', message: 'There is no folder /nowhere/at/all.', advice: expect.stringContaining('path') });
  await expect(send(gitCommit, { cascadeId: 'c1', repositoryId: 'x', target: { kind: 'workspace', workspaceId: 'ws-1', paths: ['a'] }, files: [{ path: 'a', content: '' }], subject: 'x', body: '', trailers: [] })).rejects.toMatchObject({ code: 'CASC_COMMIT_REFUSED' });
});

it('leaves nothing behind for a cascade that has ended', async () => {
  const repository = sampleGitRepository(cartFiles, 'cart');
  const common = { cascadeId: 'late' };
  const { repositoryId, baseSha } = await send(gitOpenRepository, { ...common, repository: repository.folder });
  await reader.hset(redisKeys.cascade('late'), 'state', 'timed_out');
  await expect(send(gitOpenWorkspace, { ...common, repositoryId, key: 'T001', base: baseSha })).rejects.toMatchObject({ kind: 'cancelled' });
  await expect(send(gitPublishBranch, { ...common, repositoryId, commit: baseSha, branch: 'cascade/1-late' })).rejects.toMatchObject({ kind: 'cancelled' });
  await expect(send(gitOpenRepository, { ...common, repository: repository.folder })).rejects.toMatchObject({ kind: 'cancelled' });
  expect(repository.git('branch', '--list', 'cascade/*')).toBe('');
  expect(await send(gitCleanUp, common)).toEqual({ workspaces: 0, refs: 0 });
});
