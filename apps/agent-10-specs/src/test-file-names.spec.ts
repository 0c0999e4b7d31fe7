import { describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { testNames } from './test-file-names.js';
import { testPlan } from './testing/sample-feature.js';

const node = (more: Partial<TestPlan>): TestPlan => ({ ...testPlan, ...more });
const python = (more: Partial<TestPlan>): TestPlan => ({ ...testPlan, ecosystem: 'python', runner: 'pytest', moduleSystem: 'python', testDirectory: 'tests/', exampleTest: 'tests/test_cart.py', ...more });
const without = ({ exampleTest: _none, ...plan }: TestPlan): TestPlan => plan;

describe('testNames', () => {
  it.each<[string, TestPlan, string, 'test' | 'support' | 'none']>([
    ['named as the example', node({}), 'test/discount.test.js', 'test'],
    ['below the example\'s folder', node({}), 'test/unit/discount.test.js', 'test'],
    ['outside of it', node({}), 'src/discount.test.js', 'support'],
    ['a fixture', node({}), 'test/fixtures/cart.json', 'support'],
    ['another ending than the example\'s', node({}), 'test/discount.spec.js', 'support'],
    ['source', node({}), 'src/discount.js', 'none'],
    ['source with test in its name', node({}), 'src/testing-tools.js', 'none'],
    ['a test beside its source, as the example', node({ runner: 'jest', typescript: true, testDirectory: 'src/', exampleTest: 'src/cart.spec.ts' }), 'src/price/discount.spec.ts', 'test'],
    ['the runner\'s own form without an example', without(node({ runner: 'vitest' })), 'test/discount.test.ts', 'test'],
    ['any script in the test folder of node --test', node({ exampleTest: 'test/cart.js' }), 'test/discount.js', 'test'],
    ['pytest', python({}), 'tests/test_discount.py', 'test'],
    ['pytest in a subfolder', python({}), 'tests/unit/test_discount.py', 'test'],
    ['pytest\'s conftest', python({}), 'tests/conftest.py', 'support'],
    ['Python source', python({}), 'shop/discount.py', 'none'],
    ['unittest', python({ runner: 'unittest' }), 'tests/test_discount.py', 'test'],
    ['unittest where discovery does not look', python({ runner: 'unittest' }), 'tests/unit/test_discount.py', 'support'],
    ['a command of its own', node({ runner: 'command', ecosystem: 'other' }), 'test/discount.test.js', 'test'],
  ])('%s', (_name, plan, path, kind) => expect(testNames(plan).kindOf(path)).toBe(kind));

  it('says the same in words', () => {
    expect(testNames(node({})).text).toContain('ends in .test.js');
    expect(testNames(node({})).text).toContain('in or below test/');
    expect(testNames(python({ runner: 'unittest' })).text).toContain('directly in tests/');
    expect(testNames(python({})).text).toContain('is test_….py');
  });
  it('takes its own example for a test, whatever the runner', () => {
    for (const plan of [node({}), python({}), python({ runner: 'unittest' }), node({ runner: 'jest', exampleTest: '__tests__/cart.js' })]) {
      expect(testNames(plan).kindOf(plan.exampleTest ?? '')).toBe('test');
    }
  });
});
