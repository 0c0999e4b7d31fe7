import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitCommit, newEventId, taskReady, type CascadeEvent, type CommandBus, type Program, type ProgramInterface, type Run, type TestPlan } from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { renderAnswer, type Values } from '@cascade/programs';
import { readHostConfig } from '@cascade/service-host';
import { CascadeRuns } from '@cascade/state';
import { startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { BenchFactory } from '../bench-factory.js';
import { doUnit, type DoneUnit } from '../do-unit.js';
import type { TextModel } from '../unit-context.js';
import { plainCommit } from '../message-writer.js';
import { ownPaths, readPaths } from '../work-unit.js';
import { WorkspaceFiles } from '../workspace-files.js';
import { samplePlan, sampleProgram, sampleTask } from './sample-plan.js';

export const repositoryFiles: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
  'src/util.js': 'export const up = (text) => text.toUpperCase();\n',
  'test/util.test.js': "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { up } from '../src/util.js';\n\ntest('up', () => {\n  assert.equal(up('a'), 'A');\n});\n",
};
const head = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { slugify } from '../src/slug.js';\n\n";
export const goodTests = `${head}test('AC1: joins words with a dash', () => {\n  assert.equal(slugify('Hello World'), 'hello-world');\n  assert.equal(slugify('One Two Three'), 'one-two-three');\n});\n\ntest('AC1: drops punctuation', () => {\n  assert.equal(slugify('a, b!'), 'a-b');\n});\n`;
export const goodCode = "export function slugify(text) {\n  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');\n}\n";
export const testHead = head;

const slugInterface: ProgramInterface = { path: 'src/slug.js', name: 'slugify', kind: 'function', signature: 'slugify(text) -> string', behaviour: ['AC1: joins words with a dash'], methods: [] };
export const testProgram: Program = sampleProgram(sampleTask('T001', 'test', { paths: ['test/slug.test.js'] }), { interface: [slugInterface] });
export const codeProgram: Program = sampleProgram(sampleTask('T002', 'code', { paths: ['src/slug.js'], tests: ['T001'], dependsOn: ['T001'] }), { interface: [slugInterface] });

/** An answer as a model writes it. */
export const answer = (program: Program, files: Readonly<Record<string, string>>, more: Values = {}): string =>
  renderAnswer(program.predictors[0]!, { files: Object.entries(files).map(([path, text]) => ({ kind: 'whole', path, text })), ...more });
export const tests = (text: string): string => answer(testProgram, { 'test/slug.test.js': text });
export const code = (text: string, more: Values = {}): string => answer(codeProgram, { 'src/slug.js': text }, more);

/** Answers in the order in which they are asked for; journalled by step as the real model's are. */
export class ScriptedModel implements TextModel {
  readonly asked: { readonly step: string; readonly system: string; readonly user: string }[] = [];

  constructor(private readonly answers: readonly string[]) {}

  async text(run: Run, step: string, _name: string, args: readonly unknown[]): Promise<string> {
    const [system = '', user = ''] = args.map(String);
    return run.step(`${step}/1`, async () => {
      const index = this.asked.push({ step, system, user }) - 1;
      const text = this.answers[index];
      if (text === undefined) throw new RangeError(`nothing is scripted for request ${index + 1} (${step})`);
      return text;
    });
  }
}

/** A real repository, Redis and sandbox for the loop of one task. */
export class TaskBench {
  private constructor(private readonly redisServer: TestRedis, private readonly redis: Redis, readonly git: GitRepositories, private readonly source: string, private readonly benches: BenchFactory) {}

  static async start(files: Readonly<Record<string, string>> = repositoryFiles): Promise<TaskBench> {
    const source = temporaryFolder('repository');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), text);
    }
    const git = (...args: string[]): void => void execFileSync('git', ['-C', source, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'start');
    const places = temporaryFolder('git');
    const redisServer = await startTestRedis();
    return new TaskBench(redisServer, new Redis(redisServer.url), new GitRepositories({ cache: join(places, 'cache'), workspaces: join(places, 'workspaces') }), source, new BenchFactory(readHostConfig({ CASCADE_HOME: places })));
  }

  async stop(): Promise<void> {
    this.redis.disconnect();
    await this.redisServer.stop();
    await this.git.workspaces.settled();
  }

  /** Works on one unit of a cascade as the worker does; a second call with the same id resumes it. */
  async work(model: TextModel, options: { lead?: Program; tests?: Program[]; cascadeId?: string; feedback?: string; testPlan?: TestPlan } = {}): Promise<DoneUnit & { folder: string; lines: string[] }> {
    const { lead = codeProgram, tests: testPrograms = [testProgram], cascadeId = newEventId() } = options;
    const opened = await this.git.open(cascadeId, this.source);
    const unit = { lead, tests: testPrograms };
    const { files } = await this.git.readFiles(opened.repositoryId, opened.baseSha, readPaths(unit), 1_000_000);
    const { project } = samplePlan([...testPrograms, lead], []);
    const testPlan = options.testPlan ?? project.testPlan;
    const runs = new CascadeRuns(this.redis, 'agent-30-execution');
    const event: CascadeEvent = { id: newEventId(), type: taskReady.type, source: 'urn:test', time: new Date().toISOString(), cascadeId, dataschema: taskReady.dataschema, data: {} };
    const { run, close } = await runs.open(event, undefined, new AbortController().signal);
    try {
      const workspace = await this.git.workspaces.open(cascadeId, opened.repositoryId, 'unit', opened.baseSha, undefined, run.fence);
      const done = await doUnit({ ...unit, project: { ...project, testPlan, repositoryId: opened.repositoryId }, attempt: 1, base: Object.fromEntries(files.map((file) => [file.path, file.text])), ...(options.feedback === undefined ? {} : { feedback: options.feedback }) }, {
        run, model, messages: { commit: async (_run, _step, facts) => plainCommit(facts) }, commands: this.commands(), workspaceId: workspace.workspaceId, files: new WorkspaceFiles(workspace.path, ownPaths(unit)),
        bench: await this.benches.open(testPlan, workspace.path, run.signal),
      });
      return { ...done, folder: workspace.path, lines: await this.lines(cascadeId) };
    } finally {
      close();
      runs.close();
    }
  }

  /** Statuses that the timeline shows, without repetitions. */
  private async lines(cascadeId: string): Promise<string[]> {
    const entries = await this.redis.xrange(`cascade:${cascadeId}:timeline`, '-', '+');
    return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('line') + 1] ?? '{}') as { taskId?: string; status?: string }).map((line) => `${line.taskId ?? ''} ${line.status ?? ''}`);
  }

  /** Subjects and bodies of a workspace's commits, oldest first. */
  async log(done: Pick<DoneUnit, 'commitSha'> & { folder: string }): Promise<string[]> {
    const text = execFileSync('git', ['log', '--reverse', '--format=%B%x00', `${done.commitSha}~2..${done.commitSha}`], { cwd: done.folder, encoding: 'utf8' });
    return text.split('\0').map((entry) => entry.trim()).filter((entry) => entry !== '');
  }

  private commands(): CommandBus {
    const commit = async (request: Parameters<typeof gitCommit.request.parse>[0]): Promise<unknown> => {
      const { cascadeId, target, subject, body, trailers } = gitCommit.request.parse(request);
      if (target.kind !== 'workspace') throw new RangeError('a unit commits into its workspace only');
      return this.git.workspaces.commit(cascadeId, target.workspaceId, target.paths, { subject, body, trailers });
    };
    return { send: async (definition, request) => {
      if (definition.type !== gitCommit.type) throw new RangeError(`a unit does not send ${definition.type}`);
      return await commit(request) as never;
    } };
  }
}
