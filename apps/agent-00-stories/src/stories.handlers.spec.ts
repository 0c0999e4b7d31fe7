import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEpic, parseRiskProfile, parseStory, parseTestDesign } from '@cascade/bmad';
import {
  cascadeRequested, gitCommit, gitOpenRepository, gitReadFiles, gitTestCommit, parseWorkItemKey, redisKeys, storiesApproved, terminal,
  type CommandBus, type DataOf, type EventOf, type Outcome, type ReplyOf, type RequestOf,
} from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { Model, requireModelConfig } from '@cascade/llm';
import { Agents, Approvals, Cascades } from '@cascade/state';
import type { CommandClient } from '@cascade/streams';
import { MemoryRun, removeTemporaryFolders, ScriptedModel, startTestRedis, temporaryFolder, type ScriptedAnswer } from '@cascade/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { MAX_FILE_BYTES } from './repository/choose-files.js';
import { StoriesHandlers } from './stories.handlers.js';
import { approval, briefAnswer, designAnswer, draftAnswer, sampleRepository, sampleRequest } from './testing/sample-team.js';

/** Answers commands in this process, with real git: what git-worker does behind the streams. */
class GitBus implements CommandBus {
  readonly sent: string[] = [];
  /** What the repository's own tests say; git-worker's specs run real ones. */
  tests = async (): Promise<ReplyOf<typeof gitTestCommit>> => ({ green: true, passed: 1, failed: 0, failing: [], output: '' });
  /** The documentation graph; docs-indexer's specs ask a real one. */
  docs = async (type: string): Promise<unknown> => { throw terminal('CASC_GRAPH_UNAVAILABLE', `nobody answers ${type}`); };
  constructor(private readonly git: GitRepositories) {}

  send: CommandBus['send'] = async (definition, request, options) => {
    this.sent.push(options.key);
    return definition.reply.parse(await this.answer(definition.type, request)) as never;
  };

  private answer(type: string, request: unknown): Promise<unknown> {
    if (type === gitOpenRepository.type) {
      const { cascadeId, repository, branch } = request as RequestOf<typeof gitOpenRepository>;
      return this.git.open(cascadeId, repository, branch);
    }
    if (type === gitReadFiles.type) {
      const { repositoryId, commit, paths, maxBytes } = request as RequestOf<typeof gitReadFiles>;
      return this.git.readFiles(repositoryId, commit, paths, maxBytes);
    }
    if (type === gitTestCommit.type) return this.tests();
    if (type.startsWith('docs.')) return this.docs(type);
    if (type !== gitCommit.type) throw terminal('CASC_TEST', `unexpected command ${type}`);
    const { cascadeId, repositoryId, files, subject, body, trailers } = request as RequestOf<typeof gitCommit>;
    return this.git.commitFiles(cascadeId, repositoryId, files, { subject, body, trailers });
  }
}

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let script: ScriptedModel;
let bus: GitBus;
let git: GitRepositories;
let handlers: StoriesHandlers;
let repository: string;
const cascadeId = 'cascade-1';
const json = (value: unknown): ScriptedAnswer => ({ kind: 'json', value });
const goodAnswers = [json(briefAnswer), json(draftAnswer), json(designAnswer), json(approval)];

function commitRepository(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(repository, path, '..'), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  const words = (...args: string[]): unknown => execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args]);
  words('init', '-q', '-b', 'main');
  words('add', '.');
  words('commit', '-q', '-m', 'shop');
}

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  const root = temporaryFolder();
  repository = join(root, 'shop');
  git = new GitRepositories({ cache: join(root, 'cache'), workspaces: join(root, 'workspaces') });
  script = await ScriptedModel.start();
  bus = new GitBus(git);
  handlers = new StoriesHandlers(bus as unknown as CommandClient, new Model({ ...requireModelConfig(script.env), retryDelaysMs: [] }), new Cascades(redis), new Agents(redis), new Approvals(redis), redis);
});
afterEach(() => script.close());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  removeTemporaryFolders();
});

const requested = (change: Partial<DataOf<typeof cascadeRequested>> = {}): EventOf<typeof cascadeRequested> => ({
  id: 'e1', type: cascadeRequested.type, source: 'urn:test', time: new Date().toISOString(), cascadeId, dataschema: cascadeRequested.dataschema,
  data: { request: sampleRequest, repository, ...change },
});
const approved = (outcome: Outcome): DataOf<typeof storiesApproved> => storiesApproved.schema.parse(outcome.publish[0]?.data);
const documentsOf = async (data: DataOf<typeof storiesApproved>): Promise<Map<string, string>> => {
  const { files } = await git.readFiles(data.project.repositoryId, data.integrationSha, data.documents, 1_000_000);
  return new Map(files.map((file) => [file.path, file.text]));
};

describe('cascade.requested', () => {
  it('becomes an epic with stories, committed in BMAD\'s layout and readable by its readers', async () => {
    commitRepository(sampleRepository);
    script.answer(...goodAnswers);
    const outcome = await handlers.writeStories(requested(), new MemoryRun({ cascadeId }));
    const data = approved(outcome);
    expect(data.documents).toEqual([
      'docs/prd.md', 'docs/prd/epic-1-discount-codes.md',
      'docs/stories/1.1.apply-a-code.md', 'docs/qa/assessments/1.1-risk-apply-a-code.md', 'docs/qa/assessments/1.1-test-design-apply-a-code.md',
      'docs/stories/1.2.show-the-total.md', 'docs/qa/assessments/1.2-risk-show-the-total.md', 'docs/qa/assessments/1.2-test-design-show-the-total.md',
    ]);
    expect(data.project).toMatchObject({ epicId: 1, epicName: 'discount-codes', repositoryName: 'shop', branch: 'main', clarifications: 'assume', testPlan: { runner: 'node-test', exampleTest: 'test/cart.test.js' } });
    const files = await documentsOf(data);
    const [story] = data.stories;
    expect(parseEpic(files.get('docs/prd/epic-1-discount-codes.md') ?? '').epic).toEqual(data.epic);
    expect(parseStory(files.get('docs/stories/1.1.apply-a-code.md') ?? '')).toMatchObject({ status: 'Approved', story: { id: '1.1', criteria: story?.criteria } });
    expect(parseRiskProfile(files.get('docs/qa/assessments/1.1-risk-apply-a-code.md') ?? '').risks).toEqual(story?.risks);
    expect(parseTestDesign(files.get('docs/qa/assessments/1.1-test-design-apply-a-code.md') ?? '').scenarios).toEqual(story?.scenarios);
  });

  it('saves every work item and registers the cascade and the agent', async () => {
    commitRepository(sampleRepository);
    script.answer(...goodAnswers);
    const run = new MemoryRun({ cascadeId });
    const { save } = await handlers.writeStories(requested(), run);
    expect(save.map((write) => parseWorkItemKey(write.key)?.kind)).toEqual(['epic', 'story', 'qa-assessment', 'qa-assessment', 'story', 'qa-assessment', 'qa-assessment']);
    expect(save[1]?.fields).toMatchObject({ story_id: '1.1', status: 'Approved', risk_score: '4', document_path: 'docs/stories/1.1.apply-a-code.md', repo_name: 'shop' });
    expect(await redis.hgetall(redisKeys.cascade(cascadeId))).toMatchObject({ state: 'running', tier: '0' });
    expect(await redis.hgetall(redisKeys.agent(`${cascadeId}-00`))).toMatchObject({ tier: '0', folder: 'docs/stories' });
    expect(run.lines.filter((line) => line.kind === 'round')).toHaveLength(5);
    expect(run.lines.filter((line) => line.kind === 'artefact')).toHaveLength(8);
  });

  it('shows the team the sources, and nothing that an earlier run wrote', async () => {
    commitRepository(sampleRepository);
    script.answer(...goodAnswers);
    await handlers.writeStories(requested(), new MemoryRun({ cascadeId }));
    expect(script.requests[0]?.prompt).toContain('--- src/cart.js (3 lines)\n1| export function total(cart) {');
    expect(script.requests[0]?.prompt).not.toContain('docs/stories');
  });

  it('asks the documentation graph where to look when a prompt cannot hold the repository, and does without it', async () => {
    const state = { branch: 'main', indexed_commit: 'a'.repeat(40), stale: false, partial: false };
    const hit = (path: string) => ({ id: `shop@main:${path}#total`, kind: 'function', name: 'total', signature: 'total(cart)', summary: 'Adds up.', source: `${path}#L1-L3`, score: 1 });
    const filler = (name: string) => [`src/${name}.js`, `// ${'x'.repeat(MAX_FILE_BYTES - 10)}\n`];
    commitRepository({ ...sampleRepository, ...Object.fromEntries(['a-format', 'b-cart', 'z'].map(filler)) });
    const answers: Record<string, unknown> = {
      'docs.index': { repository, branch: 'main', commit: state.indexed_commit, files: 9, parsed: 9, reused: 0, skipped: {}, functions: 1, classes: 0, pages: 0, edges: 0, tookMs: 1, how: 'whole' },
      'docs.search': { ...state, hits: [hit('src/cart.js'), hit('src/z.js')], how: 'words', notices: [] },
      'docs.map': { ...state, text: 'src/cart.js\n  1 total(cart)\n', tokens: 7, counts: { files: 1, symbols: 1, ofFiles: 1, ofSymbols: 1 } },
    };
    bus.docs = async (type) => answers[type];
    script.answer(...goodAnswers);
    await handlers.writeStories(requested(), new MemoryRun({ cascadeId }));
    expect(script.requests[0]?.prompt).toContain('--- src/cart.js (3 lines)');
    expect(script.requests[0]?.prompt).toContain('- src/z.js#L1-L3 total(cart): Adds up.');
    expect(script.requests[0]?.prompt).toContain('each with its first line:\nsrc/cart.js\n  1 total(cart)');
    bus.docs = async (type) => { throw terminal('CASC_GRAPH_UNAVAILABLE', `nobody answers ${type}`); };
    script.answer(...goodAnswers);
    const run = new MemoryRun({ cascadeId: 'cascade-2' });
    approved(await handlers.writeStories(requested(), run));
    expect(run.lines.filter(({ kind }) => kind === 'notice').map(({ text }) => text)).toEqual([expect.stringContaining('(CASC_GRAPH_UNAVAILABLE); the work goes on without it')]);
  });

  it('gives the next epic a number of its own and keeps an existing PRD', async () => {
    commitRepository({ ...sampleRepository, 'docs/prd.md': '# PRD\n', 'docs/prd/epic-4-old.md': '# Epic 4 Old\n' });
    script.answer(...goodAnswers);
    const data = approved(await handlers.writeStories(requested({ epicName: 'Rabatt Codes!' }), new MemoryRun({ cascadeId })));
    expect(data.project).toMatchObject({ epicId: 5, epicName: 'rabatt-codes' });
    expect(data.stories.map((story) => [story.id, story.scenarios[0]?.id])).toEqual([['5.1', '5.1-UNIT-001'], ['5.2', '5.2-UNIT-001']]);
    expect(data.documents).not.toContain('docs/prd.md');
  });

  it('refuses a repository without tests, unless it is told how to run them', async () => {
    const untested = Object.fromEntries(Object.entries(sampleRepository).filter(([path]) => path !== 'test/cart.test.js'));
    commitRepository(untested);
    await expect(handlers.writeStories(requested(), new MemoryRun({ cascadeId }))).rejects.toMatchObject({ code: 'CASC_NO_TESTS', kind: 'terminal', advice: expect.stringContaining('--test-command') });
    expect(script.requests).toEqual([]);
    script.answer(...goodAnswers);
    expect(approved(await handlers.writeStories(requested({ testCommand: 'node --test' }), new MemoryRun({ cascadeId: 'cascade-2' }))).project.testPlan.command).toContain('--test');
  });

  it('tries the tests that are there before it asks the model anything, and says which fail already', async () => {
    commitRepository(sampleRepository);
    bus.tests = async () => { throw terminal('CASC_DEPENDENCIES_FAILED', 'npm could not install them'); };
    await expect(handlers.writeStories(requested(), new MemoryRun({ cascadeId }))).rejects.toMatchObject({ code: 'CASC_DEPENDENCIES_FAILED' });
    bus.tests = async () => ({ green: false, passed: 0, failed: 0, failing: [], output: 'node: bad option' });
    await expect(handlers.writeStories(requested(), new MemoryRun({ cascadeId }))).rejects.toMatchObject({ code: 'CASC_TESTS_BROKEN' });
    expect(script.requests).toEqual([]);
    bus.tests = async () => ({ green: false, passed: 1, failed: 1, failing: ['adds up'], output: '' });
    script.answer(...goodAnswers);
    const run = new MemoryRun({ cascadeId });
    approved(await handlers.writeStories(requested(), run));
    expect(run.lines.filter(({ kind }) => kind === 'notice').map(({ text }) => text)).toEqual(['1 test fails before anything is changed, and may go on failing: adds up']);
  });

  it('waits for the approval of its stories when the request asks for it, and asks the model nothing again', async () => {
    commitRepository(sampleRepository);
    script.answer(...goodAnswers);
    const run = new MemoryRun({ cascadeId });
    const asked = await handlers.writeStories(requested({ approve: ['stories'] }), run).catch((error: unknown) => error);
    expect(asked).toMatchObject({ kind: 'needs-input', message: expect.stringMatching(/^Approve epic 1, Discount codes, with 2 stories\?\n {2}1\.1 Apply a code \(\d acceptance criteria, highest risk 4 of 9\)[^]*docs\/prd\.md/) });
    const review = await new Approvals(redis).review(cascadeId);
    const { files } = await git.readFiles(review!.repositoryId, review!.commit, review!.paths, 1_000_000);
    expect(files.map((file) => file.path).sort()).toEqual([...review!.paths].sort());

    const refused = run.restart({ 'approve/stories': 'no, too many stories' });
    await expect(handlers.writeStories(requested({ approve: ['stories'] }), refused)).rejects.toMatchObject({ code: 'CASC_APPROVAL_REFUSED', message: expect.stringContaining('too many stories') });
    const data = approved(await handlers.writeStories(requested({ approve: ['stories'] }), run.restart({ 'approve/stories': 'yes' })));
    expect([data.integrationSha, data.documents]).toEqual([review!.commit, review!.paths]);
    expect(script.requests).toHaveLength(goodAnswers.length);
  });

  it('gives the same outcome after a crash at any model call, and asks no answered question again', async () => {
    commitRepository(sampleRepository);
    script.answer(...goodAnswers);
    const expected = approved(await handlers.writeStories(requested(), new MemoryRun({ cascadeId })));
    for (let failing = 0; failing < goodAnswers.length; failing += 1) {
      await redis.flushall();
      const id = `cascade-${failing + 2}`;
      const asked = script.requests.length;
      const run = new MemoryRun({ cascadeId: id });
      script.answer(...goodAnswers.slice(0, failing), { kind: 'status', status: 401 });
      await expect(handlers.writeStories({ ...requested(), cascadeId: id }, run)).rejects.toBeDefined();
      script.answer(...goodAnswers.slice(failing));
      const data = approved(await handlers.writeStories({ ...requested(), cascadeId: id }, run.restart()));
      expect({ epic: data.epic, stories: data.stories, documents: data.documents }).toEqual({ epic: expected.epic, stories: expected.stories, documents: expected.documents });
      expect(script.requests.length - asked).toBe(goodAnswers.length + 1);
      expect(bus.sent.filter((key) => key === 'stories/commit documents')).toHaveLength(failing + 2);
    }
  });
});
