import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { HostConfig } from '@cascade/service-host';
import { MemoryRun, removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { GitRepositories } from '@cascade/git';
import type { Outcome } from '@cascade/contracts';
import { CommitTests } from './commit-tests.js';
import { MergeQueueHandlers } from './merge-queue.handlers.js';
import { SandboxedSuiteRunner } from './sandboxed-suite-runner.js';
import { SuiteRunner, type SuiteResult } from './suite.js';
import { cartFiles, cascadeId, moduleFiles, WorkerFixture, type Implemented } from './testing/worker-fixture.js';

const suites = new SandboxedSuiteRunner(new HostConfig('redis://unused', temporaryFolder('cache'), temporaryFolder('unused'), 1, 1_000, undefined));
const queueOf = (git: GitRepositories, runner: SuiteRunner): MergeQueueHandlers => new MergeQueueHandlers(git, new CommitTests(git, runner));
let fixture: WorkerFixture;
let queue: MergeQueueHandlers;
let run: MemoryRun;

const start = async (files?: Readonly<Record<string, string>>): Promise<void> => {
  fixture = await WorkerFixture.make(files);
  queue = queueOf(fixture.git, suites);
  run = new MemoryRun({ cascadeId });
};
const published = (outcome: Outcome): { type: string; data: Record<string, unknown> } => {
  expect(outcome.publish).toHaveLength(1);
  const { definition, data } = outcome.publish[0]!;
  expect(definition.schema.safeParse(data).error).toBeUndefined();
  return { type: definition.type, data: data as Record<string, unknown> };
};
const openWorkspaces = (): string[] => readdirSync(fixture.places.workspaces).filter((name) => name.startsWith('ws-'));

beforeEach(async () => { await start(); });
afterAll(() => { removeTemporaryFolders(); });

describe('a task that is done', () => {
  it('is merged, tested in the sandbox and integrated; its workspace is closed', async () => {
    const event = await fixture.implement('T001', moduleFiles('tax', 7));
    const { type, data } = published(await queue.integrate(event, run));
    expect(type).toBe('task.integrated');
    expect(data).toMatchObject({ taskId: 'T001', attempt: 1, commitSha: event.data.commitSha, integrationSha: event.data.commitSha, report: { total: 2, passed: 2, failed: 0 } });
    expect(await fixture.tip()).toBe(event.data.commitSha);
    expect(openWorkspaces()).toEqual([]);
    expect(run.lines.map(({ status }) => status)).toEqual(['integrating', 'integrated']);
  });

  it('is reported as integrated again when the event comes twice, with and without the journal', async () => {
    const event = await fixture.implement('T001', moduleFiles('tax', 7));
    const first = await queue.integrate(event, run);
    expect(await queue.integrate(event, run.restart())).toEqual(first);
    const fresh = published(await queue.integrate(event, new MemoryRun({ cascadeId })));
    expect(fresh).toMatchObject({ type: 'task.integrated', data: { integrationSha: event.data.commitSha } });
  });

  it('survives a crash between the move and its record', async () => {
    const event = await fixture.implement('T001', moduleFiles('tax', 7));
    class Crash extends Error {}
    const dying = new GitRepositories(fixture.places);
    const advance = dying.advance.bind(dying);
    dying.advance = async (...args) => {
      await advance(...args);
      throw new Crash();
    };
    await expect(queueOf(dying, suites).integrate(event, run)).rejects.toBeInstanceOf(Crash);
    expect(published(await queue.integrate(event, run.restart())).type).toBe('task.integrated');
    expect(await fixture.tip()).toBe(event.data.commitSha);
  });

  it('is sent back with the paths when it does not merge, and nothing moves', async () => {
    const [one, two] = [await fixture.implement('T001', { 'src/sum.js': 'export const sum = (a, b) => b + a;\n' }), await fixture.implement('T002', { 'src/sum.js': 'export const sum = (x, y) => x + y;\n' })];
    await queue.integrate(one, run);
    const { type, data } = published(await queue.integrate(two, run));
    expect(type).toBe('task.conflicted');
    expect(data).toMatchObject({ taskId: 'T002', reason: 'merge', paths: ['src/sum.js'], output: 'CONFLICT (contents): src/sum.js', integrationSha: one.data.commitSha });
    expect(await fixture.tip()).toBe(one.data.commitSha);
    expect(openWorkspaces()).toEqual([]);
  });

  it('is sent back with the output when it merges but breaks a test of another task', async () => {
    const one = await fixture.implement('T001', { 'src/sum.js': 'export const sum = (a, b) => a - b;\n', 'test/sum.test.js': cartFiles['test/sum.test.js'].replace('3)', '-1)') });
    const two = await fixture.implement('T002', { 'test/more.test.js': cartFiles['test/sum.test.js'].replace('adds', 'adds more') });
    await queue.integrate(one, run);
    const { type, data } = published(await queue.integrate(two, run));
    expect(type).toBe('task.conflicted');
    expect(data).toMatchObject({ reason: 'tests', paths: [], integrationSha: one.data.commitSha });
    expect(data['output']).toContain('test/more.test.js > adds more');
    expect(data['output']).not.toContain(fixture.places.workspaces);
    expect(await fixture.tip()).toBe(one.data.commitSha);
  });

  it('tells the same thing in every run', async () => {
    const event = await fixture.implement('T001', moduleFiles('tax', 7, 8));
    const first = published(await queue.integrate(event, run));
    const second = published(await queue.integrate(event, new MemoryRun({ cascadeId })));
    expect(first.data['output']).toBe(second.data['output']);
  });
});

describe('a repository whose tests failed before', () => {
  const broken = { ...cartFiles, ...moduleFiles('old', 1, 2) };

  it('takes a task that breaks nothing more, and runs the baseline once', async () => {
    await start(broken);
    const events = [await fixture.implement('T001', moduleFiles('tax', 7)), await fixture.implement('T002', moduleFiles('rate', 3))];
    expect(published(await queue.integrate(events[0]!, run))).toMatchObject({ type: 'task.integrated', data: { report: { failed: 1, passed: 2 } } });
    expect(published(await queue.integrate(events[1]!, run.restart()))).toMatchObject({ type: 'task.integrated', data: { report: { failed: 1, passed: 3 } } });
    expect(run.steps.filter((name) => name === 'merge/baseline')).toHaveLength(1);
  });

  it('refuses a task that breaks one more', async () => {
    await start(broken);
    const { type, data } = published(await queue.integrate(await fixture.implement('T001', moduleFiles('tax', 7, 8)), run));
    expect(type).toBe('task.conflicted');
    expect(data['reason']).toBe('tests');
    expect(await fixture.tip()).toBe(fixture.project.baseSha);
  });
});

describe('many tasks at once', () => {
  class Instant extends SuiteRunner {
    running = 0;
    most = 0;
    async run(): Promise<SuiteResult> {
      this.running += 1;
      this.most = Math.max(this.most, this.running);
      await new Promise((resolve) => { setImmediate(resolve); });
      this.running -= 1;
      return { exitCode: 0, failed: [], report: { total: 1, passed: 1, failed: 0, skipped: 0 }, feedback: '' };
    }
  }

  async function implementEight(): Promise<Implemented[]> {
    const events: Implemented[] = [];
    for (let index = 0; index < 8; index += 1) events.push(await fixture.implement(`T00${index}`, moduleFiles(`m${index}`, index)));
    return events;
  }

  it('pass one by one in a worker', async () => {
    const instant = new Instant();
    queue = queueOf(fixture.git, instant);
    const events = await implementEight();
    const outcomes = await Promise.all(events.map((event) => queue.integrate(event, new MemoryRun({ cascadeId }))));
    expect(outcomes.map((outcome) => published(outcome).type)).toEqual(events.map(() => 'task.integrated'));
    expect(instant.most).toBe(1);
    const files = await fixture.filesAt(await fixture.tip());
    expect(files.filter((path) => /^src\/m\d/.test(path))).toHaveLength(8);
  });

  it('are all integrated by two workers, whose candidates never replace each other\'s', async () => {
    const workers = [queueOf(fixture.git, new Instant()), queueOf(new GitRepositories(fixture.places), new Instant())];
    const events = await implementEight();
    const outcomes = await Promise.all(events.map((event, index) => workers[index % 2]!.integrate(event, new MemoryRun({ cascadeId }))));
    expect(outcomes.map((outcome) => published(outcome).type)).toEqual(events.map(() => 'task.integrated'));
    const tip = await fixture.tip();
    for (const event of events) expect(await fixture.git.contains(fixture.project.repositoryId, tip, event.data.commitSha)).toBe(true);
  });
});

it('ends without a trace when the cascade has ended', async () => {
  const event = await fixture.implement('T001', moduleFiles('tax', 7));
  const aborted = new MemoryRun({ cascadeId, signal: AbortSignal.abort() });
  await expect(queue.integrate(event, aborted)).rejects.toMatchObject({ kind: 'cancelled' });
  expect(await fixture.tip()).toBe(fixture.project.baseSha);
});
