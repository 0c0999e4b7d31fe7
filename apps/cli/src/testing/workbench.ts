import { existsSync } from 'node:fs';
import path from 'node:path';
import { Cascades, type CascadeRecord } from '@cascade/state';
import { removeTemporaryFolder, sampleGitRepository, ScriptedModel, startTestRedis, temporaryFolder, type SampleRepository, type ScriptedAnswer, type ScriptedRequest, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { CascadeProcess } from './cascade-process.js';
import { repositoryState } from './repository-state.js';

/** A small repository with one test. */
export const shopFiles: Readonly<Record<string, string>> = {
  'README.md': '# shop\n\nA cart.\n',
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/cart.js': 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n',
  'test/cart.test.js': 'import assert from \'node:assert/strict\';\nimport { test } from \'node:test\';\nimport { total } from \'../src/cart.js\';\n\ntest(\'adds up\', () => assert.equal(total([1, 2]), 3));\n',
};

/** The first answer of a cascade: the brief of its coordinator. */
export const brief = (questions: readonly string[] = []): ScriptedAnswer => ({
  kind: 'json', value: { goal: 'A cart takes a discount code.', values: ['A code makes a cart cheaper.'], limits: [], assumptions: [], questions, end: 'END' },
});

/** An answer that ends a cascade at once, where a test has seen enough. */
export const keyRefused: ScriptedAnswer = { kind: 'status', status: 401, body: { error: { message: 'Incorrect API key provided' } } };

export interface Workbench {
  readonly model: ScriptedModel;
  readonly redis: TestRedis;
  readonly repository: SampleRepository;
  /** CASCADE_HOME; not there until something writes into it. */
  readonly home: string;
  /** Starts the real command line, with nothing of this process's environment but PATH. */
  start(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): CascadeProcess;
  /** Starts `cascade run` on a repository (the sample unless given). */
  run(more?: readonly string[], address?: string, env?: Readonly<Record<string, string | undefined>>): CascadeProcess;
  record(id: string): Promise<CascadeRecord | undefined>;
  /** How many requests the model got for what `run` asks. */
  asked(): number;
}

type Answers = (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

interface Needs {
  readonly files?: Readonly<Record<string, string>>;
  /** Answers what the queue of the model does not. */
  readonly answers?: Answers;
  /** The Redis keeps its data over `kill` and `restart`. */
  readonly persistent?: boolean;
  /** Services that run already: `run` only publishes and watches. */
  readonly services?: SharedServices;
}

/** `cascade up` for several workbenches, since starting all services is what takes longest: its model answers a cascade as the workbench does whose request it is. */
export interface SharedServices {
  readonly redis: TestRedis;
  readonly model: ScriptedModel;
  /** By the text of a request. */
  readonly answers: Map<string, Answers>;
  stop(): Promise<void>;
}

export async function startServices(): Promise<SharedServices> {
  const answers = new Map<string, Answers>();
  const [model, redis, folder] = [await ScriptedModel.start((asked) => [...answers].find(([request]) => asked.prompt.includes(request))![1](asked)), await startTestRedis(), temporaryFolder('cli')];
  const services = new CascadeProcess(['up'], environmentIn(folder, redis, model), folder);
  await services.said(/All services run/);
  return {
    redis, model, answers,
    async stop() {
      await services.kill('SIGTERM');
      await Promise.all([model.close(), redis.stop()]);
      removeTemporaryFolder(folder);
    },
  };
}

/** Nothing of this process's environment but PATH. */
const environmentIn = (folder: string, redis: TestRedis, model: ScriptedModel): Readonly<Record<string, string | undefined>> => ({
  PATH: process.env['PATH'], HOME: folder, REDIS_URL: redis.url, CASCADE_HOME: path.join(folder, 'home'), CASCADE_WORKSPACES: path.join(folder, 'workspaces'),
  CASCADE_CLAIM_IDLE_MS: '1000', NO_COLOR: '1', ...model.env,
});

/**
 * A place of its own for one test: a Redis, a model, a repository, a home. Takes everything away afterwards, processes
 * that still run included.
 */
export async function withWorkbench(needs: Needs, fn: (bench: Workbench) => Promise<void>): Promise<void> {
  const { services } = needs;
  const own = services === undefined ? await Promise.all([ScriptedModel.start(needs.answers), startTestRedis({ persistent: needs.persistent ?? false })]) : undefined;
  const [model, redis] = own ?? [services!.model, services!.redis];
  const repository = sampleGitRepository(needs.files ?? shopFiles, 'shop');
  const folder = temporaryFolder('cli');
  const home = path.join(folder, 'home');
  const request = services === undefined ? 'A discount code' : `A discount code (${services.answers.size + 1})`;
  services?.answers.set(request, needs.answers ?? (() => keyRefused));
  const processes: CascadeProcess[] = [];
  const start: Workbench['start'] = (args, env = {}) => {
    const started = new CascadeProcess(args, { ...environmentIn(folder, redis, model), ...env }, folder);
    processes.push(started);
    return started;
  };
  const run: Workbench['run'] = (more = [], address = repository.folder, env = {}) => start(['run', request, '--repo', address, ...services === undefined ? [] : ['--remote'], ...more], env);
  try {
    await fn({ model, redis, repository, home, start, run, record: (id) => recordIn(redis.url, id), asked: () => model.requests.filter(({ prompt }) => prompt.includes(request)).length });
  } finally {
    await Promise.all(processes.filter((one) => one.running).map((one) => one.kill('SIGKILL')));
    if (own !== undefined) await Promise.all([model.close(), redis.stop()]);
    for (const made of [folder, path.dirname(repository.folder)]) if (existsSync(made)) removeTemporaryFolder(made);
  }
}

async function recordIn(url: string, id: string): Promise<CascadeRecord | undefined> {
  const redis = new Redis(url);
  try {
    return await new Cascades(redis).find(id);
  } finally {
    redis.disconnect();
  }
}

/** Runs `fn`, and gives what it changed in the repository: nothing, unless a result was published. */
export async function changedBy(folder: string, fn: () => Promise<unknown>): Promise<string[]> {
  const before = repositoryState(folder);
  await fn();
  const after = repositoryState(folder);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]);
}

/** What no person should have to read: stack frames, places in our sources, unhandled promises. */
export const internals = /\n\s+at \S|node:internal|file:\/\/\/|UnhandledPromise|Unhandled error|\[ioredis\]|\[Nest\]/;
