import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { openSandbox, type Sandbox } from '@cascade/sandbox';
import { noDependencies, runTests } from '@cascade/test-runner';
import { itWith, removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CANARY, withCanary } from './canary.js';
import { samplePlan } from './testing/sample-plan.js';

const SLOW = 120_000;
const ours = join(import.meta.dirname, '../../../node_modules');
const plan = samplePlan([], []).project.testPlan;
const python = { ecosystem: 'python' as const, moduleSystem: 'python' as const };

describe('withCanary', () => {
  let sandbox: Sandbox;
  beforeAll(async () => { sandbox = await openSandbox(); }, SLOW);
  afterAll(() => removeTemporaryFolders());

  type Case = [name: string, over: Partial<TestPlan>, type: string, path: string, text: string];
  const results = async ([, over, type, path, text]: Case): Promise<Record<string, string>> => {
    const full = { ...plan, ...over };
    const folder = temporaryFolder('canary');
    for (const [file, content] of Object.entries({ 'package.json': JSON.stringify({ type, jest: { transform: {} } }), [path]: withCanary(full, text) ?? '' })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const dependencies = full.runner === 'jest' ? { mounts: [{ from: ours, to: '/workspace/node_modules' }], env: {} } : noDependencies;
    const run = await runTests({ sandbox, plan: full, folder, dependencies, files: [path], timeoutMs: 120_000 });
    return Object.fromEntries(run.cases.map(({ name, status }) => [name.includes(CANARY) ? 'canary' : 'other', status]));
  };

  const title = 'adds a failing test beside the others: %s';
  it.each<Case>([
    ['node --test, ES modules', {}, 'module', 'a.test.js', "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\ntest('one', () => assert.equal(1, 1));\n"],
    ['node --test, CommonJS', { moduleSystem: 'commonjs' }, 'commonjs', 'a.test.js', "const { test } = require('node:test');\nconst assert = require('node:assert');\ntest('one', () => assert.equal(1, 1));\n"],
    ['jest', { runner: 'jest', moduleSystem: 'commonjs', command: ['node', 'node_modules/jest/bin/jest.js'], dependencies: 'npm' }, 'commonjs', 'a.test.js', "test('one', () => expect(1).toBe(1));\n"],
  ])(title, async (...row) => { expect(await results(row)).toEqual({ canary: 'failed', other: 'passed' }); }, SLOW);

  itWith(['python3', '--version'], 'the failing test beside others of unittest').each<Case>([
    ['unittest', { ...python, runner: 'unittest', command: ['python3', '-m', 'unittest', 'discover'] }, 'commonjs', 'test_a.py', "import unittest\n\n\nclass One(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual(1, 1)\n\n\nif __name__ == '__main__':\n    unittest.main()\n"],
  ])(title, async (...row) => { expect(await results(row)).toEqual({ canary: 'failed', other: 'passed' }); }, SLOW);

  it('writes pytest\'s and vitest\'s form, and nothing for an unknown command', () => {
    expect(withCanary({ runner: 'pytest' }, 'x = 1\n')).toBe(`x = 1\n\n\ndef test_${CANARY}():\n    assert 1 == 2\n`);
    expect(withCanary({ runner: 'vitest' }, "import { it } from 'vitest';\n")).toContain("import { test as canaryTest, expect as canaryExpect } from 'vitest';");
    expect(withCanary({ runner: 'command' }, 'x')).toBeUndefined();
  });
});
