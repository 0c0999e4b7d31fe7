import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deriveEventId, gitCommit, gitReadFiles, redisKeys, specReady, storiesApproved, type CommandBus, type DataOf, type EventOf, type RequestOf } from '@cascade/contracts';
import type { GitRepositories } from '@cascade/git';
import { Model, requireModelConfig } from '@cascade/llm';
import { parseFeatureFolder } from '@cascade/spec-kit';
import { Agents, Approvals } from '@cascade/state';
import type { CommandClient } from '@cascade/streams';
import { MemoryRun, ScriptedModel, startTestRedis, temporaryFolder, removeTemporaryFolders } from '@cascade/testing';
import { Redis } from 'ioredis';
import { SpecsHandlers } from './specs.handlers.js';
import { approved, specificationAnswer, tasksAnswer } from './testing/sample-feature.js';
import { ShopRepository } from './testing/shop-repository.js';

/** Answers commands in this process, with real git: what git-worker does behind the streams. */
class GitBus implements CommandBus {
  readonly keys: string[] = [];
  constructor(private readonly shop: ShopRepository) {}

  send: CommandBus['send'] = async (definition, request, options) => {
    this.keys.push(options.key);
    const reply = definition.type === gitReadFiles.type ? this.shop.readFiles(request as RequestOf<typeof gitReadFiles>) : this.shop.commit(request as RequestOf<typeof gitCommit>);
    return definition.reply.parse(await reply) as never;
  };
}

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let script: ScriptedModel;
let bus: GitBus;
let git: GitRepositories;
let handlers: SpecsHandlers;
let repository: string;
let repositoryId: string;
let base: string;
const cascadeId = 'cascade-1';

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  const shop = new ShopRepository(temporaryFolder());
  repository = shop.path;
  git = shop.git;
  ({ repositoryId, baseSha: base } = await git.open(cascadeId, repository));
  script = await ScriptedModel.start();
  bus = new GitBus(shop);
  handlers = new SpecsHandlers(bus as unknown as CommandClient, new Model({ ...requireModelConfig(script.env), retryDelaysMs: [0] }), new Agents(redis), new Approvals(redis));
});
afterEach(() => script.close());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  removeTemporaryFolders();
});

function event(data: DataOf<typeof storiesApproved>): EventOf<typeof storiesApproved> {
  return { id: deriveEventId('x', 1, '1'), type: storiesApproved.type, source: 'urn:cascade:agent-00-stories', time: '2026-02-03T10:11:12.000Z', cascadeId, dataschema: storiesApproved.dataschema, data: storiesApproved.schema.parse(data) };
}
const specified = (outcome: Awaited<ReturnType<SpecsHandlers['writeSpecs']>>): DataOf<typeof specReady> => specReady.schema.parse(outcome.publish[0]?.data);
const json = (value: unknown) => ({ kind: 'json', value }) as const;
const question = { requirement: 1, question: 'Can [codes] be combined?', recommendation: 'No, one per cart.' };

describe('SpecsHandlers', () => {
  it('commits a feature folder that reads back, and hands its tasks on', async () => {
    script.answer(json(specificationAnswer), json(tasksAnswer));
    const run = new MemoryRun({ cascadeId });
    const outcome = await handlers.writeSpecs(event(approved(repositoryId, base)), run);
    const ready = specified(outcome);
    expect(ready.featureDirectory).toBe('specs/001-discount-codes');
    expect(ready.tasks.map((task) => `${task.id} ${task.kind} ${task.dependsOn.join('+')}`)).toEqual(['T001 test ', 'T002 test ', 'T003 code T001', 'T004 code T002', 'T005 test ', 'T006 code T003+T004+T005', 'T007 chore T006']);

    const { entries } = await git.readFiles(repositoryId, ready.integrationSha, [], 1000);
    const paths = entries.map((entry) => entry.path).filter((path) => path.startsWith('specs/'));
    const { files } = await git.readFiles(repositoryId, ready.integrationSha, paths, 1_000_000);
    const folder = parseFeatureFolder(files.map((file) => ({ path: file.path.replace('specs/001-discount-codes/', ''), content: file.text })));
    expect(paths).toHaveLength(8);
    expect(folder.tasks.tasks).toEqual(ready.tasks);
    expect(folder.checklist.checked).not.toContain(false);
    expect(folder.plan.sources).toEqual(['README.md', 'src/cart.js', 'src/code.js', 'src/index.js', 'src/percent.js', 'test/cart-discount.test.js', 'test/code.test.js', 'test/percent.test.js']);
    expect(folder.specification).toMatchObject({ branch: 'cascade/1-discount-codes', created: '2026-02-03', input: 'Add discount codes to the shop' });
  });

  it('saves every task as a work item, and the agent with its folder', async () => {
    script.answer(json(specificationAnswer), json(tasksAnswer));
    const run = new MemoryRun({ cascadeId });
    const outcome = await handlers.writeSpecs(event(approved(repositoryId, base)), run);
    expect(outcome.save.map((write) => write.key)).toEqual(expect.arrayContaining([
      'repo-shop_branch-main_epics-1-discount-codes_stories-1.1-read-a-code_tasks-T001', 'repo-shop_branch-main_epics-1-discount-codes_stories-0-shared_tasks-T007',
    ]));
    expect(outcome.save).toHaveLength(7);
    expect(await redis.hgetall(redisKeys.agent(`${cascadeId}-10`))).toMatchObject({ tier: '1', parent: `${cascadeId}-00`, folder: 'specs/001-discount-codes' });
    expect(run.lines.map((line) => line.kind)).toEqual(['tier', 'artefact', 'artefact']);
    expect(run.lines.at(-1)?.text).toContain('7 tasks (3 test, 3 code, 1 chore; 2 [P] sets)');
  });

  it('asks and commits nothing twice when it runs again after a crash', async () => {
    script.answer(json(specificationAnswer), json(tasksAnswer));
    const run = new MemoryRun({ cascadeId });
    const first = await handlers.writeSpecs(event(approved(repositoryId, base)), run);
    const again = await handlers.writeSpecs(event(approved(repositoryId, base)), run.restart());
    expect(specified(again)).toEqual(specified(first));
    expect(script.requests).toHaveLength(2);
    expect(bus.keys).toEqual(['specs/list files', 'specs/read sources', 'specs/commit']);
  });

  it('asks the same bytes in every cascade: no ids, hashes or days in a prompt', async () => {
    script.answer(json(specificationAnswer), json(tasksAnswer), json(specificationAnswer), json(tasksAnswer));
    await handlers.writeSpecs(event(approved(repositoryId, base)), new MemoryRun({ cascadeId }));
    const later = { ...event(approved(repositoryId, base)), time: '2027-11-12T01:02:03.000Z' };
    await git.open('cascade-2', repository);
    await handlers.writeSpecs(later, new MemoryRun({ cascadeId: 'cascade-2' }));
    expect(script.requests).toHaveLength(4);
    expect(script.requests.slice(2).map((request) => request.messages)).toEqual(script.requests.slice(0, 2).map((request) => request.messages));
    expect(script.requests.map((request) => request.prompt).join('\n')).not.toMatch(new RegExp(`${base}|${repositoryId}|cascade-1|2026-`));
  });

  it('sends broken rules back to the model, in the words of the rules', async () => {
    const wrong = { ...tasksAnswer, tasks: tasksAnswer.tasks.map((task) => (task.id === 'T004' ? { ...task, paths: ['src/code.js'] } : task)) };
    const vague = { ...specificationAnswer, requirements: specificationAnswer.requirements.map((item, index) => (index === 1 ? { ...item, text: 'It is fast.' } : item)) };
    script.answer(json(vague), json(specificationAnswer), json(wrong), json(tasksAnswer));
    await handlers.writeSpecs(event(approved(repositoryId, base)), new MemoryRun({ cascadeId }));
    expect(script.requests[1]?.messages.at(-1)?.content).toContain('SPEC_REQUIREMENT_MUST spec.md: FR-002 must say');
    expect(script.requests[3]?.messages.at(-1)?.content).toContain('TASK_PARALLEL_PATHS T004: is [P] together with T003, but both write src/code.js');
  });

  it('ends the cascade with the findings when the model cannot keep the rules', async () => {
    const none = { ...tasksAnswer, tasks: [] };
    script.answer(json(specificationAnswer), json(none), json(none), json(none), json(none));
    await expect(handlers.writeSpecs(event(approved(repositoryId, base)), new MemoryRun({ cascadeId }))).rejects.toMatchObject({
      kind: 'terminal', code: 'CASC_MODEL_ANSWER_INVALID', findings: ['TASK_NONE: the list has no tasks'],
    });
    expect(bus.keys).not.toContain('specs/commit');
  });

  it('settles questions by assumption, on record, when nobody wants to be asked', async () => {
    script.answer(json({ ...specificationAnswer, clarifications: [question] }), json(tasksAnswer));
    const run = new MemoryRun({ cascadeId });
    const ready = specified(await handlers.writeSpecs(event(approved(repositoryId, base)), run));
    const { files } = await git.readFiles(repositoryId, ready.integrationSha, ['specs/001-discount-codes/spec.md'], 100_000);
    expect(files[0]?.text).toContain('- Can [codes] be combined? Assumed: No, one per cart.');
    expect(files[0]?.text).not.toContain('NEEDS CLARIFICATION');
    expect(run.lines).toContainEqual({ kind: 'notice', text: '1 open question settled by assumption, see Assumptions in spec.md' });
  });

  it('waits for a person when asked to, and writes the answer into the specification', async () => {
    script.answer(json({ ...specificationAnswer, clarifications: [question] }), json({ ...specificationAnswer, clarifications: [question] }), json(specificationAnswer), json(tasksAnswer));
    const data = approved(repositoryId, base, 'ask');
    await expect(handlers.writeSpecs(event(data), new MemoryRun({ cascadeId }))).rejects.toMatchObject({ kind: 'needs-input', message: 'Can [codes] be combined? (Recommended: No, one per cart.)' });
    expect(bus.keys).not.toContain('specs/commit');

    const ready = specified(await handlers.writeSpecs(event(data), new MemoryRun({ cascadeId, answers: { 'clarification-1': 'Yes, two.' } })));
    const { files } = await git.readFiles(repositoryId, ready.integrationSha, ['specs/001-discount-codes/spec.md'], 100_000);
    expect(files[0]?.text).toContain('- Q: Can (codes) be combined? → A: Yes, two.');
    expect(script.requests[2]?.prompt).toContain('Question: Can [codes] be combined?\nAnswer: Yes, two.');
  });

  it('waits for the approval of its folder when the request asks for it', async () => {
    await redis.hset(redisKeys.cascade(cascadeId), 'approve', 'spec');
    script.answer(json(specificationAnswer), json(tasksAnswer));
    const run = new MemoryRun({ cascadeId });
    const asked = await handlers.writeSpecs(event(approved(repositoryId, base)), run).catch((error: unknown) => error);
    expect(asked).toMatchObject({ kind: 'needs-input', message: expect.stringMatching(/^Approve the specification specs\/001-discount-codes\/ with \d+ requirements and 7 tasks[^]*\n {2}T001 test: [^]*specs\/001-discount-codes\/plan\.md/) });
    await expect(handlers.writeSpecs(event(approved(repositoryId, base)), run.restart({ 'approve/spec': 'no' }))).rejects.toMatchObject({ code: 'CASC_APPROVAL_REFUSED' });
    const ready = specified(await handlers.writeSpecs(event(approved(repositoryId, base)), run.restart({ 'approve/spec': 'yes' })));
    expect(ready.integrationSha).toBe((await new Approvals(redis).review(cascadeId))?.commit);
    expect(script.requests).toHaveLength(2);
  });

  it('takes the next number when the repository already has a folder of that name', async () => {
    const { sha } = await git.commitFiles(cascadeId, repositoryId, [{ path: 'specs/001-discount-codes/spec.md', content: 'old' }, { path: 'specs/004-x/spec.md', content: 'old' }], { subject: 'docs: old', body: '', trailers: [] });
    script.answer(json(specificationAnswer), json(tasksAnswer));
    const ready = specified(await handlers.writeSpecs(event(approved(repositoryId, sha)), new MemoryRun({ cascadeId })));
    expect(ready.featureDirectory).toBe('specs/005-discount-codes');
  });
});
