import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProgramInterface } from '@cascade/contracts';
import { openSandbox, type Sandbox } from '@cascade/sandbox';
import { itWith } from '@cascade/testing';
import { detectTestPlan } from '../detect/detect-test-plan.js';
import { feedback } from '../run/feedback.js';
import { noDependencies, runTests } from '../run/run-tests.js';
import { TestLock } from '../run/test-lock.js';
import { listed, SampleRepository } from '../testing/sample-repository.js';
import { proveRed, type RedProof } from './prove-red.js';
import { stubsFor } from './stubs-for.js';

const TEST_TIMEOUT_MS = 60_000;
const slugify: ProgramInterface = { path: 'src/slug.js', name: 'slugify', kind: 'function', signature: 'slugify(text) -> string', behaviour: ['joins words with a dash'], methods: [] };
const head = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { slugify } from '../src/slug.js';\n";
const files = { 'package.json': '{"type":"module"}', 'src/up.js': 'export const up = (text) => text.toUpperCase();\n' };

describe('proveRed', () => {
  let sandbox: Sandbox;
  let repository: SampleRepository | undefined;
  beforeAll(async () => { sandbox = await openSandbox(); }, TEST_TIMEOUT_MS);
  afterEach(() => repository?.remove());

  async function prove(tests: Record<string, string>, interfaces = [slugify], repositoryFiles: Record<string, string> = files): Promise<RedProof> {
    repository = new SampleRepository(repositoryFiles);
    const plan = detectTestPlan(listed(repositoryFiles))!;
    return proveRed({ sandbox, plan, folder: repository.folder, dependencies: noDependencies, tests, stubs: stubsFor(plan, interfaces, (path) => repositoryFiles[path]), timeoutMs: 20_000 });
  }

  const good = `${head}test('joins words', () => { assert.equal(slugify('Hello World'), 'hello-world'); });\ntest('refuses nothing', () => { assert.throws(() => slugify(''), /empty/); });\n`;

  it('gives a certificate for tests that fail for wrong code', async () => {
    const proof = await prove({ 'test/slug.test.js': good });
    expect(proof).toEqual({ red: true, certificate: {
      tests: ['test/slug.test.js > joins words', 'test/slug.test.js > refuses nothing'],
      failures: {
        'test/slug.test.js > joins words': { stub: 'throws', kind: 'error', message: expect.stringMatching(/^not implemented\n +at slugify \(src\/slug\.js:1:\d+\)/) },
        'test/slug.test.js > refuses nothing': { stub: 'throws', kind: 'assertion', message: expect.stringContaining('did not match the regular expression') },
      },
      files: new TestLock({ 'test/slug.test.js': good }).hashes,
    } });
  }, TEST_TIMEOUT_MS);

  it('finds a test that passes whatever the code does', async () => {
    const proof = await prove({ 'test/slug.test.js': `${good}test('is a function', () => { assert.equal(typeof slugify, 'function'); });\n` });
    expect(proof).toEqual({ red: false, findings: ['test/slug.test.js > is a function passes without an implementation: it has to fail for code that does nothing right'] });
  }, TEST_TIMEOUT_MS);

  it('does not take a file that cannot be loaded for red', async () => {
    const proof = await prove({ 'test/slug.test.js': good.replace('{ slugify }', '{ slugify, missing }') });
    expect(proof).toEqual({ red: false, findings: [expect.stringMatching(/does not load, which proves nothing[\s\S]*missing/)] });
  }, TEST_TIMEOUT_MS);

  it('does not run what the linter refuses', async () => {
    expect(await prove({ 'test/slug.test.js': `${head}test.skip('later', () => { assert.ok(slugify); });\n` })).toEqual({ red: false, findings: ['test/slug.test.js: uses only, skip or todo'] });
  }, TEST_TIMEOUT_MS);

  it('bears a file that one wrong implementation breaks while it loads', async () => {
    expect(await prove({ 'test/slug.test.js': `${head}const once = slugify('A B');\ntest('once', () => { assert.equal(once, 'a-b'); });\n` })).toMatchObject({ red: true, certificate: { tests: ['test/slug.test.js > once'] } });
  }, TEST_TIMEOUT_MS);

  it('proves new behaviour of code that exists, by that code alone', async () => {
    const up: ProgramInterface = { ...slugify, path: 'src/up.js', name: 'up' };
    const test = "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { up } from '../src/up.js';\ntest('trims', () => { assert.equal(up(' a '), 'A'); });\n";
    expect(await prove({ 'test/up.test.js': test }, [up])).toMatchObject({ red: true, certificate: { failures: { 'test/up.test.js > trims': { stub: 'the code as it is', kind: 'assertion' } } } });
  }, TEST_TIMEOUT_MS);

  itWith(['python3', '--version'], 'the red proof of Python tests')('works for Python', async () => {
    const test = "import unittest\nfrom shop.cart import total\n\nclass Cart(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(total([1, 2]), 3)\n";
    const total: ProgramInterface = { ...slugify, path: 'shop/cart.py', name: 'total' };
    expect(await prove({ 'tests/test_cart.py': test }, [total], { 'shop/__init__.py': '', 'tests/test_old.py': 'import unittest\n' })).toMatchObject({ red: true, certificate: { tests: ['tests/test_cart.py > Cart > test_adds'] } });
  }, TEST_TIMEOUT_MS);

  it('gives feedback that is the same bytes each time', async () => {
    repository = new SampleRepository({ ...files, 'src/slug.js': 'export const slugify = (text) => { if (!text) throw new TypeError(`at ${new Date().toISOString()}`); return text; };\n', 'test/slug.test.js': good });
    const plan = detectTestPlan(listed(repository.files))!;
    const run = async (): Promise<string> => feedback(await runTests({ sandbox, plan, folder: repository!.folder, dependencies: noDependencies, timeoutMs: 20_000 }));
    const [first, second] = [await run(), await run()];
    expect(first).toBe(second);
    expect(first).toMatchInlineSnapshot(`
"0 of 2 tests pass.
Failing:
- test/slug.test.js > joins words
    Expected values to be strictly equal:
    + actual - expected

    + 'Hello World'
    - 'hello-world'
- test/slug.test.js > refuses nothing
    The input did not match the regular expression /empty/. Input:

    'TypeError: at <time>'"
`);
  }, TEST_TIMEOUT_MS);
});
