import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isCascadeError } from '@cascade/contracts';
import { openSandbox, type Sandbox } from '@cascade/sandbox';
import { itWith } from '@cascade/testing';
import { installDependencies } from '../dependencies/install-dependencies.js';
import { detectTestPlan } from '../detect/detect-test-plan.js';
import { runTests } from '../run/run-tests.js';
import type { TestRun } from '../run/test-run.js';
import { listed, SampleRepository } from '../testing/sample-repository.js';

const TEST_TIMEOUT_MS = 180_000;
/** What package managers say when no registry answers; anything else is a failure of ours. */
const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|Connection|connection|Temporary failure|No matching distribution found/;

/** Runners that are not part of this repository, really installed; skipped, and said so, when no registry can be reached. */
describe('runners from a registry', () => {
  let sandbox: Sandbox;
  let cacheRoot: string;
  beforeAll(async () => {
    sandbox = await openSandbox();
    cacheRoot = mkdtempSync(join(tmpdir(), 'cascade-deps-'));
    chmodSync(cacheRoot, 0o755);
  }, TEST_TIMEOUT_MS);
  afterAll(() => rmSync(cacheRoot, { recursive: true, force: true }));

  async function runLive(files: Record<string, string>): Promise<TestRun | undefined> {
    const repository = new SampleRepository(files);
    try {
      const plan = detectTestPlan(listed(files))!;
      const dependencies = await installDependencies({ plan, folder: repository.folder, cacheRoot, timeoutMs: 120_000 });
      return await runTests({ sandbox, plan, folder: repository.folder, dependencies, timeoutMs: 120_000 });
    } catch (error) {
      if (!isCascadeError(error) || error.code !== 'CASC_DEPENDENCIES_FAILED' || !offline.test(error.message)) throw error;
      process.stdout.write(`not run, because no registry answered: ${expect.getState().currentTestName}\n`);
      return undefined;
    } finally {
      repository.remove();
    }
  }

  const outline = (run: TestRun): unknown => run.cases.map(({ id, status, failure }) => [id, status, failure?.kind]);

  it('vitest', async () => {
    const run = await runLive({
      'package.json': '{"type":"module","scripts":{"test":"vitest"},"devDependencies":{"vitest":"^4.0.0"}}', 'vitest.config.ts': "import { defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { include: ['src/**/*.test.ts'] } });\n",
      'src/sum.ts': 'export const sum = (a: number, b: number): number => a + b;\n',
      'src/sum.test.ts': `import { describe, expect, it } from 'vitest'; import { sum } from './sum';
describe('sum', () => { it('adds', () => expect(sum(1, 2)).toBe(3)); it('is wrong', () => expect(sum(1, 2)).toBe(4)); it('throws', () => { (null as any).x; }); it.skip('later', () => {}); });\n`,
      'src/broken.test.ts': "import { it } from 'vitest'; import { nothing } from './missing'; it('never', () => nothing());\n",
    });
    if (run === undefined) return;
    expect(outline(run)).toEqual([
      ['src/sum.test.ts > sum > adds', 'passed', undefined], ['src/sum.test.ts > sum > is wrong', 'failed', 'assertion'],
      ['src/sum.test.ts > sum > later', 'skipped', undefined], ['src/sum.test.ts > sum > throws', 'failed', 'error'],
    ]);
    expect(run.loadErrors).toEqual([{ file: 'src/broken.test.ts', message: expect.stringContaining('missing') }]);
  }, TEST_TIMEOUT_MS);

  itWith(['python3', '-m', 'pip', '--version'], 'the run of pytest')('pytest', async () => {
    const run = await runLive({
      'shop/cart.py': 'def total(items):\n    return sum(items)\n', 'pytest.ini': '[pytest]\n',
      'tests/test_cart.py': `import pytest
from shop.cart import total
class TestCart:
    def test_adds(self): assert total([1, 2]) == 3
def test_wrong(): assert total([1, 2]) == 4
def test_raises(): total(None)
def test_expects():
    with pytest.raises(ValueError): total([])
@pytest.mark.parametrize('n', [1, 2])
def test_each(n): assert n == 1
@pytest.fixture
def broken(): raise RuntimeError('no fixture')
def test_fixture(broken): assert True
@pytest.mark.skip
def test_later(): assert False
`,
      'tests/test_broken.py': 'from shop.cart import nothing\n',
    });
    if (run === undefined) return;
    expect(run.loadErrors).toEqual([{ file: 'tests/test_broken.py', message: expect.stringContaining('nothing') }]);
    expect(outline(run)).toEqual([
      ['tests/test_cart.py > TestCart > test_adds', 'passed', undefined], ['tests/test_cart.py > test_each[1]', 'passed', undefined],
      ['tests/test_cart.py > test_each[2]', 'failed', 'assertion'], ['tests/test_cart.py > test_expects', 'failed', 'assertion'],
      ['tests/test_cart.py > test_fixture', 'failed', 'error'], ['tests/test_cart.py > test_later', 'skipped', undefined],
      ['tests/test_cart.py > test_raises', 'failed', 'error'], ['tests/test_cart.py > test_wrong', 'failed', 'assertion'],
    ]);
    expect(run.cases.find(({ name }) => name === 'test_wrong')?.failure?.message).toContain('assert 3 == 4');
  }, TEST_TIMEOUT_MS);
});
