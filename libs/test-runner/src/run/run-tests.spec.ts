import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { openSandbox, type Sandbox } from '@cascade/sandbox';
import { itWith } from '@cascade/testing';
import { detectTestPlan } from '../detect/detect-test-plan.js';
import { listed, SampleRepository } from '../testing/sample-repository.js';
import { noDependencies, runTests, type RunTestsOptions } from './run-tests.js';
import { TestLock } from './test-lock.js';
import { isGreen, type TestRun } from './test-run.js';

const TEST_TIMEOUT_MS = 60_000;
const ours = join(import.meta.dirname, '../../../../node_modules');

describe('runTests', () => {
  let sandbox: Sandbox;
  let repository: SampleRepository | undefined;
  beforeAll(async () => {
    sandbox = await openSandbox();
  }, TEST_TIMEOUT_MS);
  afterEach(() => repository?.remove());

  async function run(files: Record<string, string>, options: Partial<RunTestsOptions> = {}): Promise<{ run: TestRun; plan: TestPlan }> {
    repository = new SampleRepository(files);
    const plan = detectTestPlan(listed(files))!;
    return { plan, run: await runTests({ sandbox, plan, folder: repository.folder, dependencies: noDependencies, timeoutMs: 120_000, ...options }) };
  }

  const outline = (found: TestRun): unknown => found.cases.map(({ id, status, failure }) => [id, status, failure?.kind]);

  it('reads node --test: groups, subtests, assertions, exceptions, skips, and files that do not load', async () => {
    const { run: found, plan } = await run({
      'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
      'src/sum.js': 'export const sum = (a, b) => a + b;\n',
      'test/sum.test.js': `import { describe, it, test } from 'node:test'; import assert from 'node:assert/strict'; import { sum } from '../src/sum.js';
describe('sum', () => { it('adds', () => assert.equal(sum(1, 2), 3)); it('is wrong', () => assert.equal(sum(1, 2), 4)); it('throws', () => { null.x; }); it.skip('later', () => {}); });
test('outer', async (t) => { await t.test('inner', () => assert.ok(true)); });
test('slow', { timeout: 50 }, () => new Promise((resolve) => setTimeout(resolve, 5000)));\n`,
      'test/broken.test.js': "import { nothing } from '../src/sum.js'; import { test } from 'node:test'; test('never', () => nothing());\n",
      'test/empty.test.js': 'export {};\n',
    });
    expect(plan.runner).toBe('node-test');
    expect(outline(found)).toEqual([
      ['test/sum.test.js > outer', 'passed', undefined],
      ['test/sum.test.js > outer > inner', 'passed', undefined],
      ['test/sum.test.js > slow', 'failed', 'timeout'],
      ['test/sum.test.js > sum > adds', 'passed', undefined],
      ['test/sum.test.js > sum > is wrong', 'failed', 'assertion'],
      ['test/sum.test.js > sum > later', 'skipped', undefined],
      ['test/sum.test.js > sum > throws', 'failed', 'error'],
    ]);
    expect(found.report).toEqual({ total: 7, passed: 3, failed: 3, skipped: 1 });
    expect(found.loadErrors.map(({ file }) => file)).toEqual(['test/broken.test.js', 'test/empty.test.js']);
    expect(found.loadErrors[0]!.message).toContain("does not provide an export named 'nothing'");
    expect(found.exitCode).toBe(1);
  }, TEST_TIMEOUT_MS);

  it('runs TypeScript tests and only the files that it is told', async () => {
    const { run: found, plan } = await run({
      'package.json': '{"type":"module"}', 'tsconfig.json': '{}',
      'src/up.ts': 'export const up = (text: string): string => text.toUpperCase();\n',
      'test/up.test.ts': "import { test } from 'node:test'; import assert from 'node:assert/strict'; import { up } from '../src/up.ts'; test('up', () => assert.equal(up('a'), 'A'));\n",
      'test/other.test.ts': "import { test } from 'node:test'; test('other', () => {});\n",
    }, { files: ['test/up.test.ts'] });
    expect(plan).toMatchObject({ typescript: true, moduleSystem: 'esm' });
    expect(outline(found)).toEqual([['test/up.test.ts > up', 'passed', undefined]]);
    expect(isGreen(found)).toBe(true);
  }, TEST_TIMEOUT_MS);

  it('sees through an implementation that ends the process with success', async () => {
    const { run: found } = await run({
      'package.json': '{}', 'index.js': 'process.exit(0);\n',
      'index.test.js': "const { test } = require('node:test'); require('./index.js'); test('works', () => {});\n",
    });
    expect(found.exitCode).toBe(0);
    expect(isGreen(found)).toBe(false);
    expect(found.loadErrors).toEqual([{ file: 'index.test.js', message: expect.stringContaining('before its tests ran') }]);
  }, TEST_TIMEOUT_MS);

  it('reads jest, with ECMAScript modules', async () => {
    const { run: found, plan } = await run({
      'package.json': '{"type":"module","scripts":{"test":"NODE_OPTIONS=--experimental-vm-modules jest"},"devDependencies":{"jest":"30"},"jest":{"transform":{}}}',
      'src/sum.js': 'export const sum = (a, b) => a + b;\n',
      '__tests__/sum.test.js': `import { sum } from '../src/sum.js'; import assert from 'node:assert';
describe('sum', () => { it('adds', () => expect(sum(1, 2)).toBe(3)); it('is wrong', () => expect(sum(1, 2)).toBe(4)); it('is wrong for assert', () => assert.equal(sum(1, 1), 3)); it('throws', () => { null.x; }); it.skip('later', () => {}); });\n`,
      '__tests__/broken.test.js': "import { nothing } from '../src/sum.js'; it('never', () => nothing());\n",
    }, { dependencies: { mounts: [{ from: ours, to: '/workspace/node_modules' }], env: {} } });
    expect(plan).toMatchObject({ runner: 'jest', command: ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'], dependencies: 'npm' });
    expect(outline(found)).toEqual([
      ['__tests__/sum.test.js > sum > adds', 'passed', undefined],
      ['__tests__/sum.test.js > sum > is wrong', 'failed', 'assertion'],
      ['__tests__/sum.test.js > sum > is wrong for assert', 'failed', 'assertion'],
      ['__tests__/sum.test.js > sum > later', 'skipped', undefined],
      ['__tests__/sum.test.js > sum > throws', 'failed', 'error'],
    ]);
    expect(found.loadErrors).toEqual([{ file: '__tests__/broken.test.js', message: expect.stringContaining('nothing') }]);
  }, TEST_TIMEOUT_MS);

  itWith(['python3', '--version'], 'the run of unittest')('reads unittest: subtests, skips, exceptions, and files that do not load', async () => {
    const { run: found, plan } = await run({
      'shop/__init__.py': '', 'shop/cart.py': 'def total(items):\n    return sum(items)\n',
      'tests/test_cart.py': `import unittest
from shop.cart import total
class Cart(unittest.TestCase):
    def test_adds(self): self.assertEqual(total([1, 2]), 3)
    def test_wrong(self): self.assertEqual(total([1, 2]), 4)
    def test_raises(self): total(None)
    def test_many(self):
        for n in (1, 2):
            with self.subTest(n=n): self.assertEqual(n, 1)
    @unittest.skip('later')
    def test_later(self): pass
`,
      'tests/test_broken.py': 'import unittest\nfrom shop.cart import nothing\n',
    });
    expect(plan).toMatchObject({ ecosystem: 'python', runner: 'unittest', command: ['python3', '-m', 'unittest', 'discover', '-s', 'tests'] });
    expect(outline(found)).toEqual([
      ['tests/test_cart.py > Cart > test_adds', 'passed', undefined],
      ['tests/test_cart.py > Cart > test_later', 'skipped', undefined],
      ['tests/test_cart.py > Cart > test_many', 'failed', 'assertion'],
      ['tests/test_cart.py > Cart > test_raises', 'failed', 'error'],
      ['tests/test_cart.py > Cart > test_wrong', 'failed', 'assertion'],
    ]);
    expect(found.cases.find(({ name }) => name === 'Cart > test_raises')?.failure?.message).toMatch(/^TypeError: .*\n {2}at total \(.*shop\/cart\.py:2\)\n {2}at test_raises/);
    expect(found.loadErrors).toEqual([{ file: 'tests/test_broken.py', message: expect.stringContaining('nothing') }]);
  }, TEST_TIMEOUT_MS);

  it('takes the exit code of a command that it does not know', async () => {
    const files = { Makefile: 'all:\n', 'check.sh': 'echo bad >&2; exit 3\n' };
    repository = new SampleRepository(files);
    const plan = detectTestPlan({ ...listed(files), testCommand: 'sh check.sh' })!;
    const found = await runTests({ sandbox, plan, folder: repository.folder, dependencies: noDependencies, timeoutMs: 120_000 });
    expect(plan).toMatchObject({ ecosystem: 'other', runner: 'command', command: ['sh', 'check.sh'] });
    expect(found).toMatchObject({ exitCode: 3, cases: [{ id: 'sh check.sh', status: 'failed', failure: { kind: 'error', message: expect.stringContaining('bad') } }] });
  }, TEST_TIMEOUT_MS);

  it('says that tests were ended, and keeps the workspace as it was', async () => {
    const { run: found } = await run({
      'package.json': '{}', 'endless.test.js': "require('node:test'); require('node:fs').writeFileSync('left-behind', ''); for (;;);\n",
    }, { timeoutMs: 1500 });
    expect(found).toMatchObject({ killedBy: 'timeout', exitCode: null });
    expect(isGreen(found)).toBe(false);
    const { readdirSync } = await import('node:fs');
    expect(readdirSync(repository!.folder).sort()).toEqual(['endless.test.js', 'package.json']);
  }, TEST_TIMEOUT_MS);

  it('runs locked tests even when the workspace has others, and tells when a run changed them', async () => {
    const test = "const { test } = require('node:test'); const assert = require('node:assert'); test('one', () => assert.equal(require('./one.js'), 1));\n";
    const lock = new TestLock({ 'one.test.js': test });
    const { run: honest } = await run({ 'package.json': '{}', 'one.js': 'module.exports = 2;\n', 'one.test.js': "require('node:test'); // weakened\n" }, { lock });
    expect(honest).toMatchObject({ report: { failed: 1 }, changedTests: [] });
    repository!.remove();
    const { run: cheat } = await run({ 'package.json': '{}', 'one.js': "require('node:fs').writeFileSync('one.test.js', ''); module.exports = 1;\n" }, { lock, files: ['one.test.js'] });
    expect(cheat).toMatchObject({ report: { passed: 1 }, changedTests: ['one.test.js'] });
    expect(isGreen(cheat)).toBe(false);
  }, TEST_TIMEOUT_MS);

  it('does not follow a report that the tests turned into a link', async () => {
    const { run: found } = await run({
      'package.json': '{}', 'a.test.js': "const fs = require('node:fs'); const report = process.env.REPORT ?? '/opt/cascade/report/report'; fs.rmSync(report, { force: true }); fs.symlinkSync('/etc/passwd', report); require('node:test').test('a', () => {});\n",
    });
    expect(found.cases).toEqual([]);
    expect(found.loadErrors[0]!.message).toContain('reported nothing');
  }, TEST_TIMEOUT_MS);

  it('says that a report is too large', async () => {
    const { run: found } = await run({
      'package.json': '{}', 'a.test.js': "process.on('exit', () => require('node:fs').truncateSync('/opt/cascade/report/report', 50 * 2 ** 20)); require('node:test').test('a', () => {});\n",
    });
    expect(found.loadErrors[0]!.message).toMatch(/^What the test runner reported cannot be used: report has \d+ bytes; the limit is 50331648 \(exit code 0\)/);
    expect(isGreen(found)).toBe(false);
  }, TEST_TIMEOUT_MS);
});
