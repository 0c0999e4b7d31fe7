import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseGate, parseQaReviews, parseStory, renderStory } from '@cascade/bmad';
import { cascadeCompleted, cascadeFailed, cascadeRequested, programsReady, redisKeys, storyVerified, toEntry, type DataOf, type EventOf, type Program } from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { requireModelConfig } from '@cascade/llm';
import { HostConfig, startService, type RunningService } from '@cascade/service-host';
import { parseTasks, renderTasks } from '@cascade/spec-kit';
import { Cascades } from '@cascade/state';
import { fieldsOf } from '@cascade/streams';
import { removeTemporaryFolders, sampleGitRepository, ScriptedModel, startTestRedis, temporaryFolder, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { service } from './index.js';
import { conflictOnce, GitStandIn, pushed, useRepositories } from './testing/git-stand-in.js';
import { samplePlan, sampleProgram, sampleStory, sampleTask } from './testing/sample-plan.js';
import { answer, code, codeProgram, goodCode, goodTests, repositoryFiles, testProgram, tests } from './testing/task-bench.js';

const SLOW = 240_000;
const shoutInterface = { path: 'src/shout.js', name: 'shout', kind: 'function' as const, signature: 'shout(text) -> string', behaviour: ['AC1: shouts'], methods: [] };
const shoutTests = sampleProgram(sampleTask('T003', 'test', { storyId: '1.2', paths: ['test/shout.test.js'] }), { interface: [shoutInterface] });
const shoutCode = sampleProgram(sampleTask('T004', 'code', { storyId: '1.2', paths: ['src/shout.js'], tests: ['T003'], dependsOn: ['T003'] }), { interface: [shoutInterface] });
const readme = sampleProgram(sampleTask('T005', 'chore', { phase: 'polish', storyId: undefined, paths: ['README.md'] }));
const programs: Program[] = [testProgram, codeProgram, shoutTests, shoutCode, readme];
const stories = [sampleStory('1.1'), sampleStory('1.2')];

const answers: Readonly<Record<string, string>> = {
  'Do T001.': tests(goodTests),
  'Do T002.': code(goodCode),
  'Do T003.': answer(shoutTests, { 'test/shout.test.js': "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { shout } from '../src/shout.js';\n\ntest('AC1: shouts', () => {\n  assert.equal(shout('hey'), 'HEY!');\n});\n" }),
  'Do T004.': answer(shoutCode, { 'src/shout.js': "export const shout = (text) => `${text.toUpperCase()}!`;\n" }),
  'Do T005.': answer(readme, { 'README.md': '# Shop\n' }),
};

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let script: ScriptedModel;
let running: RunningService[];
let git: GitRepositories;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  script = await ScriptedModel.start((request) => answers[Object.keys(answers).find((key) => request.prompt.includes(key)) ?? ''] ?? { kind: 'status', status: 400 });
  const root = temporaryFolder('execution');
  git = new GitRepositories({ cache: join(root, 'git'), workspaces: join(root, 'workspaces') });
  useRepositories(git);
  const config = Object.assign(new HostConfig(server.url, join(root, 'cache'), join(root, 'workspaces'), 3, 30_000, requireModelConfig(script.env)), { workspaceDriver: 'auto' as const });
  running = await Promise.all([startService(service, config), startService({ name: 'git-worker', module: GitStandIn }, config)]);
}, SLOW);
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  redis.disconnect();
  await script.close();
  await server.stop();
  await git.workspaces.settled();
  removeTemporaryFolders();
}, SLOW);

/** Puts the documents of the tiers before on the integration branch, and publishes what starts this one. */
async function begin(cascadeId: string, storyList = stories, more: Partial<DataOf<typeof cascadeRequested>> = {}): Promise<ReturnType<typeof sampleGitRepository>> {
  const repository = sampleGitRepository(repositoryFiles, 'shop');
  const opened = await git.open(cascadeId, repository.folder);
  const tasksMd = renderTasks({
    title: 'Coupons', featureDirectory: 'specs/001-coupons/', tasks: programs.map((program) => program.task), done: [],
    stories: storyList.map((story, index) => ({ storyId: story.id, title: story.title, priority: index + 1, goal: 'g', independentTest: 't' })),
  });
  const files = [{ path: 'specs/001-coupons/tasks.md', content: tasksMd }, ...storyList.map((story) => ({ path: `docs/stories/${story.id}.story-${story.id.replace('.', '-')}.md`, content: renderStory(story, 'Approved', []) }))];
  const { sha } = await git.commitFiles(cascadeId, opened.repositoryId, files, { subject: 'docs: start', body: '', trailers: [] });
  const plan = samplePlan(programs, storyList);
  const data = { ...plan, integrationSha: sha, project: { ...plan.project, repositoryId: opened.repositoryId, baseSha: opened.baseSha } };
  const attributes = { source: 'urn:test', time: new Date().toISOString(), cascadeId };
  await new Cascades(redis).accept({ ...attributes, id: cascadeId, type: cascadeRequested.type, dataschema: cascadeRequested.dataschema, data: { request: 'Add it', repository: repository.folder, deadlineMinutes: 30, ...more } } as EventOf<typeof cascadeRequested>);
  const entry = toEntry({ ...attributes, id: `${cascadeId}-start`, type: programsReady.type, dataschema: programsReady.dataschema, data });
  await redis.xadd(redisKeys.stream(programsReady.type), '*', ...Object.entries(entry).flat());
  return repository;
}

/** The data of the first entry of a stream that belongs to the cascade. */
async function awaitEnd(cascadeId: string): Promise<{ type: string; data: unknown }> {
  const reader = redis.duplicate();
  const after: Record<string, string> = { [redisKeys.stream(cascadeCompleted.type)]: '0', [redisKeys.stream(cascadeFailed.type)]: '0' };
  try {
    for (;;) {
      const found = await reader.xread('COUNT', 1, 'BLOCK', SLOW, 'STREAMS', ...Object.keys(after), ...Object.values(after));
      for (const [stream, entries] of found ?? []) for (const [id, list] of entries) {
        after[stream] = id;
        const fields = fieldsOf(list ?? []);
        if (fields['correlationid'] === cascadeId) return { type: fields['type'] ?? '', data: JSON.parse(fields['data'] ?? 'null') };
      }
    }
  } finally {
    reader.disconnect();
  }
}

describe('the service', () => {
  it('takes programs to a tested branch: stories at the same time, a conflict tried again, gates, report', async () => {
    conflictOnce.add('T004');
    const repository = await begin('c1');
    await redis.hset(redisKeys.githubRepositories, repository.folder, 'me/shop');
    const end = await awaitEnd('c1');
    expect(end).toMatchObject({ type: 'cascade.completed' });
    const { summary } = cascadeCompleted.schema.parse(end.data);
    expect(summary).toMatchObject({ branch: 'cascade/1-coupons', gate: 'PASS', stories: [{ id: '1.1', gate: 'PASS' }, { id: '1.2', gate: 'PASS' }], tasks: [{ id: 'T001' }, { id: 'T002', redTests: 2, attempts: 1 }, { id: 'T003' }, { id: 'T004', redTests: 1 }, { id: 'T005', kind: 'chore' }] });
    expect(summary.pullRequest).toEqual({ title: 'Coupons', body: 'g\n\n- 1.1 Story 1.1: as user, I want it, so that it helps\n- 1.2 Story 1.2: as user, I want it, so that it helps' });
    const branches = ['1-1-t002', '1-2-t004'].map((name) => `cascade/1-coupons-story-${name}`);
    expect(pushed.toSorted()).toEqual(branches.map((branch) => `${branch} to me/shop`));
    expect((await redis.hkeys(redisKeys.effects('c1'))).map((key) => key.split('@')[0]).filter((key) => key?.startsWith('git.push:'))).toEqual(expect.arrayContaining(branches.map((branch) => `git.push:${branch}`)));
    const show = (path: string): string => repository.git('show', `${summary.branch}:${path}`);
    expect(repository.git('rev-parse', summary.branch)).toBe(summary.commitSha);
    expect(show('src/slug.js')).toBe(goodCode.trim());
    expect(parseTasks(`${show('specs/001-coupons/tasks.md')}\n`).done).toEqual(['T001', 'T002', 'T003', 'T004', 'T005']);
    expect(parseGate(show('docs/qa/gates/1.2-story-1-2.yml'))).toMatchObject({ gate: 'PASS', story: '1.2' });
    const story = `${show('docs/stories/1.1.story-1-1.md')}\n`;
    expect([parseStory(story).status, parseQaReviews(story).length]).toEqual(['Done', 1]);
    expect(show('docs/qa/reports/epic-1-report.md')).toContain('| T002 | code | Do T002 | 2 red → green | 1 |');
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(await new Cascades(redis).require('c1')).toMatchObject({ state: 'completed', summary: { branch: summary.branch } });
    expect(await redis.hmget('repo-shop_branch-main_epics-1-coupons_stories-1.1-story-1-1', 'status', 'qa_gate')).toEqual(['Done', 'PASS']);
    expect(await redis.hget('repo-shop_branch-main_epics-1-coupons_stories-0-shared_tasks-T005', 'status')).toBe('Done');
    expect(await redis.xlen(redisKeys.stream(storyVerified.type))).toBe(2);
    expect(script.requests.filter((request) => request.prompt.includes('Do T004.')).at(-1)?.prompt).toContain('another task changed the same lines of src/x.js');
  }, SLOW);

  it('publishes the result when a person approves it, and nothing when they refuse; the work is not done again for that', async () => {
    const cascades = new Cascades(redis);
    const waits = async (id: string): Promise<string> => {
      await untilTrue(async () => (await cascades.find(id))?.state !== 'running', `${id} to ask for approval`, SLOW);
      return (await cascades.find(id))?.questions[0]?.text ?? '';
    };
    const [first, second] = [await begin('m1', stories, { approve: ['merge'] }), await begin('m2', stories, { approve: ['merge'] })];
    expect(await waits('m1')).toMatch(/^Publish the result as branch cascade\/1-coupons \(5 tasks, gate PASS\)\?\n {2}story 1\.1 [^]*gate PASS[^]*docs\/qa\/reports\/epic-1-report\.md[^]*src\/slug\.js/);
    await waits('m2');
    expect(first.git('branch', '--list', 'cascade/*')).toBe('');
    const requests = script.requests.length;
    await Promise.all([cascades.answer('m1', 'approve/merge', 'yes'), cascades.answer('m2', 'approve/merge', 'no, not now')]);
    const ended = await awaitEnd('m1');
    expect(ended).toMatchObject({ type: 'cascade.completed', data: { summary: { branch: 'cascade/1-coupons' } } });
    expect(pushed).toHaveLength(2);
    expect(cascadeCompleted.schema.parse(ended.data).summary).not.toHaveProperty('pullRequest'); // linked to nothing
    expect(await awaitEnd('m2')).toMatchObject({ type: 'cascade.failed', data: { problem: { code: 'CASC_APPROVAL_REFUSED', message: expect.stringContaining('not now') } } });
    expect([first, second].map((repository) => repository.git('branch', '--list', 'cascade/*').trim())).toEqual(['cascade/1-coupons', '']);
    expect(script.requests).toHaveLength(requests);
  }, SLOW);

  it('fails the cascade with the reasons when a gate fails, and publishes no branch', async () => {
    const risky = sampleStory('1.1', { risks: [{ id: 'SEC-001', title: 'Leaks', description: 'd', probability: 3, impact: 3, mitigation: 'm' }] });
    const repository = await begin('c2', [risky, stories[1]!]);
    const end = await awaitEnd('c2');
    expect(end).toMatchObject({ type: 'cascade.failed', data: { problem: { code: 'CASC_GATE_FAILED', findings: [expect.stringContaining('SEC-001')] } } });
    expect(repository.git('branch', '--list', 'cascade/*')).toBe('');
  }, SLOW);
});
