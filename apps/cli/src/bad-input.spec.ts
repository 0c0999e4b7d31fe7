import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failOnLeaks, type ScriptedAnswer } from '@cascade/testing';
import { brief, changedBy, internals, keyRefused, startServices, withWorkbench, type SharedServices, type Workbench } from './testing/workbench.js';

let services: Promise<SharedServices>;

afterAll(async () => { await (await services).stop(); });
failOnLeaks();
beforeAll(() => { services = startServices(); });

/** What may pass by itself is tried again for about 40 s; these go first, so that the others run meanwhile. */
describe('what does not pass by itself ends with a reason', () => {
  it.concurrent('an address whose host is unknown', async () => {
    await withWorkbench({}, async (bench) => {
      const run = bench.run([], 'https://unknown.invalid/shop.git');
      await run.said(/cannot be reached.*again in 1 s/i);
      expect(await run.ended).toBe(3);
      expect(run.told).toMatch(/Error: The repository cannot be reached; tried 4 times\. \(CASC_REPOSITORY_UNREACHABLE\)[^]*Could not resolve host: unknown\.invalid[^]*Check the network and the URL/);
      expect(run.told).not.toMatch(internals);
      expect(await bench.record(await run.id())).toMatchObject({ state: 'failed' });
    });
  });

  it.concurrent('an endpoint that asks to wait for ever', async () => {
    const wait: ScriptedAnswer = { kind: 'status', status: 429, headers: { 'retry-after': '0' }, body: { error: { message: 'Rate limit reached' } } };
    await withWorkbench({ answers: () => wait }, async (bench) => {
      const run = bench.run();
      await run.said(/asks to wait.*again in 1 s/i);
      expect(await changedBy(bench.repository.folder, () => run.ended)).toEqual([]);
      expect(await run.ended).toBe(3);
      expect(run.told).toMatch(/Error: The model's endpoint \S+ asks to wait \(429\).*4 times.*\(CASC_MODEL_RATE_LIMITED\)[^]*higher limit at the endpoint/);
      expect(run.told).not.toMatch(internals);
      expect(await bench.record(await run.id())).toMatchObject({ state: 'failed', usage: { calls: 0 } });
      // Four times the event, and four requests each time: bounded, not a spin.
      expect(bench.model.requests.length).toBe(16);
    });
  });

  it.concurrent('a Redis that goes away and stays away', async () => {
    await withWorkbench({ answers: () => ({ kind: 'silence' }), persistent: true }, async (bench) => {
      const run = bench.run();
      const id = await run.id();
      await bench.model.received(1);
      await bench.redis.kill();
      expect(await changedBy(bench.repository.folder, () => run.ended)).toEqual([]);
      expect(await run.ended).toBe(3);
      expect(run.told).toMatch(/Redis does not answer; waiting for it[^]*Redis has been away for 30 s\. \(CASC_REDIS_LOST\)[^]*cascade resume/);
      expect(run.told).not.toMatch(internals);
      // No spin: what is said of it is a few lines, not one per attempt.
      expect(run.told.split('\n').length).toBeLessThan(25);
      expect(bench.model.requests.length).toBe(1);
      await bench.redis.restart();
      expect(await bench.record(id)).toMatchObject({ state: 'running' });
    });
  });
});

interface BadInput {
  readonly files?: Readonly<Record<string, string>>;
  /** Makes the sample repository bad; gives the address to run on. */
  readonly prepare?: (bench: Workbench) => string;
  readonly args?: readonly string[];
  /** What the model answers, one after the other; the last one for ever. */
  readonly answers?: readonly ScriptedAnswer[];
  readonly exitCode: number;
  /** What happened, and what to do. */
  readonly says: RegExp;
  readonly state: string;
  /** Requests that the model got; not asked where that depends on the machine's speed. */
  readonly requests?: number;
}

const bare = (bench: Workbench): string => {
  const address = `${bench.repository.folder}.git`;
  bench.repository.git('clone', '--quiet', '--bare', bench.repository.folder, address);
  return address;
};
const dirty = ({ repository }: Workbench): string => {
  repository.write({ 'src/cart.js': 'export const half = ', 'notes.txt': 'mine\n', 'staged.txt': 'mine too\n' });
  repository.git('add', 'staged.txt');
  return repository.folder;
};

const cases: Readonly<Record<string, BadInput>> = {
  'tests that do not run': { files: { 'package.json': '{ "scripts": { "test": "node --test --no-such-option" } }\n', 'test/a.test.js': "require('node:test')('a', () => {});\n" }, exitCode: 3, says: /test run fails without a failing test \(node --test --no-such-option\)[^]*bad option[^]*CASC_TESTS_BROKEN[^]*--test-command/, state: 'failed', requests: 0 },
  'an unknown branch': { args: ['--branch', 'nope'], exitCode: 3, says: /no branch "nope"[^]*Name one of its branches: main\./, state: 'failed', requests: 0 },
  'an empty repository': { files: {}, exitCode: 3, says: /shop has no commit yet[^]*Commit something first/, state: 'failed', requests: 0 },
  'a repository without tests': { files: { 'README.md': 'x\n' }, exitCode: 3, says: /No tests were found[^]*--test-command/, state: 'failed', requests: 0 },
  'a bare repository, which is fine': { prepare: bare, answers: [keyRefused], exitCode: 3, says: /tests run with node --test[^]*CASC_MODEL_UNAUTHORIZED/, state: 'failed', requests: 1 },
  'uncommitted changes, which are left alone': { prepare: dirty, answers: [keyRefused], exitCode: 3, says: /3 uncommitted changes are not part of this run/, state: 'failed', requests: 1 },
  'a wrong key': { answers: [keyRefused], exitCode: 3, says: /refused the key \(401\)[^]*Check OPENAI_API_KEY/, state: 'failed', requests: 1 },
  'an endpoint that asks to wait, once': {
    answers: [{ kind: 'status', status: 429, headers: { 'retry-after': '0' } }, brief(), keyRefused],
    exitCode: 3, says: /round 1, coordinator: A cart takes[^]*CASC_MODEL_UNAUTHORIZED[^]*Model: 1 call,/, state: 'failed', requests: 3,
  },
  'answers that are not JSON': { answers: ['Sure, here it is!'], exitCode: 3, says: /corrects its answer[^]*asked 3 times for StoriesBrief[^]*not one strict JSON value[^]*A more capable model/, state: 'failed', requests: 3 },
  'an answer without end': { answers: [{ kind: 'endless' }], exitCode: 3, says: /more than 8388608 bytes[^]*check OPENAI_BASE_URL/, state: 'failed', requests: 1 },
  'a budget that is too small': { args: ['--budget-tokens', '100'], exitCode: 7, says: /budget does not allow[^]*CASC_BUDGET_EXCEEDED[^]*higher --budget-tokens/, state: 'failed', requests: 0 },
  'a deadline that passes': { args: ['--deadline-minutes', '0.4'], answers: [{ kind: 'silence' }], exitCode: 4, says: /not done by its deadline[^]*CASC_DEADLINE_PASSED[^]*--deadline-minutes/, state: 'timed_out' },
};

describe('cascade run says what happened and what to do, and leaves the repository as it was, on', () => {
  it.concurrent.each(Object.entries(cases))('%s', async (_name, bad) => {
    const answers = [...bad.answers ?? []];
    await withWorkbench({ services: await services, ...(bad.files === undefined ? {} : { files: bad.files }), answers: () => (answers.length > 1 ? answers.shift() : answers[0]) ?? keyRefused }, async (bench) => {
      const address = bad.prepare?.(bench) ?? bench.repository.folder;
      const run = bench.run(bad.args ?? [], address);
      expect(await changedBy(bench.repository.folder, () => run.ended)).toEqual([]);
      expect(await run.ended).toBe(bad.exitCode);
      expect(run.told).toMatch(bad.says);
      expect(run.told).not.toMatch(internals);
      expect(await bench.record(await run.id())).toMatchObject({ state: bad.state });
      expect(bench.asked()).toBe(bad.requests ?? bench.asked());
    });
  });
});

describe('cascade refuses before anything is started or written', () => {
  const refused = {
    'an unknown path': [() => '/does/not/exist', {}, /no folder \/does\/not\/exist[^]*Give the path of a git repository/],
    'a folder that is no repository': [({ repository }: Workbench) => path.dirname(repository.folder), {}, /is not in a git repository[^]*git init/],
    'an address of an unknown kind': [() => 'ftp://example.com/shop.git', {}, /must be a local path[^]*git@github\.com/],
    'an address that holds a password': [() => 'https://me:secret@example.com/shop.git', {}, /holds a user name or a password[^]*CASCADE_GIT_TOKEN/],
    'no model': [undefined, { OPENAI_BASE_URL: '', OPENAI_API_KEY: '', CASCADE_MODEL: '' }, /No language model is configured[^]*OPENAI_API_KEY=[^]*CASCADE_LLM_REPLAY/],
    'an endpoint without a model': [undefined, { CASCADE_MODEL: '' }, /CASCADE_MODEL is not set[^]*Set CASCADE_MODEL/],
  } as const;

  it.concurrent.each(Object.entries(refused))('%s', async (_name, [address, env, says]) => {
    await withWorkbench({}, async (bench) => {
      const run = bench.run([], address?.(bench) ?? bench.repository.folder, { REDIS_URL: '', ...env });
      expect(await changedBy(bench.repository.folder, () => run.ended)).toEqual([]);
      expect(await run.ended).toBe(2);
      expect(run.told).toMatch(says);
      expect(run.told).not.toMatch(internals);
      expect(run.told).not.toContain('secret@');
      expect(existsSync(bench.home)).toBe(false);
    });
  });

  it.concurrent.each([['status'], ['watch'], ['resume'], ['cancel']])('a cascade that %s does not know', async (command) => {
    await withWorkbench({ services: await services }, async (bench) => {
      const asked = bench.start([command, 'nope']);
      expect(await asked.ended).toBe(2);
      expect(asked.told).toMatch(/There is no cascade "nope"\. \(CASC_CASCADE_UNKNOWN\)[^]*cascade list/);
      expect(asked.told).not.toMatch(internals);
    });
  });
});
