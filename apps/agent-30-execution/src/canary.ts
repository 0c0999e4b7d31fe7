import type { TestPlan } from '@cascade/contracts';

/** Part of the name of a test that must fail; no author's test has it. */
export const CANARY = 'cascade_canary';

interface Import {
  readonly names: readonly (readonly [name: string, as: string])[];
  readonly from: string;
}

/** Imports in the style of the file: a CommonJS file stays one. */
function javascript(text: string, imports: readonly Import[], body: string): string {
  const esm = /^\s*(?:import|export)\s/m.test(text);
  const lines = imports.map(({ names, from }) => (esm
    ? `import { ${names.map(([name, as]) => `${name} as ${as}`).join(', ')} } from '${from}';`
    : `const { ${names.map(([name, as]) => `${name}: ${as}`).join(', ')} } = require('${from}');`));
  return esm ? `${text}\n${lines.join('\n')}\n${body}\n` : `${text}\n{\n${lines.join('\n')}\n${body}\n}\n`;
}

const expecting = (text: string, from: string): string =>
  javascript(text, [{ names: [['test', 'canaryTest'], ['expect', 'canaryExpect']], from }], `canaryTest('${CANARY}', () => { canaryExpect(1).toBe(2); });`);

/**
 * A test file with one more test that must fail. Code that patches assertions, or the runner, turns it green with the
 * others: then no green test of that file proves anything. It is run only after everything is green, in the same
 * process as the real tests, and nobody is shown it. Undefined for runners without a test library.
 */
export function withCanary(plan: Pick<TestPlan, 'runner'>, text: string): string | undefined {
  switch (plan.runner) {
    // `strict` is the object that node:assert/strict gives: patched there, it is patched here.
    case 'node-test': return javascript(text, [{ names: [['test', 'canaryTest']], from: 'node:test' }, { names: [['strict', 'canaryAssert']], from: 'node:assert' }],
      `canaryTest('${CANARY}', () => { canaryAssert.equal(1, 2); });`);
    case 'jest': return expecting(text, '@jest/globals');
    case 'vitest': return expecting(text, 'vitest');
    case 'pytest': return `${text}\n\ndef test_${CANARY}():\n    assert 1 == 2\n`;
    case 'unittest': return `${text}\n\nimport unittest as canary_unittest\n\n\nclass CascadeCanary(canary_unittest.TestCase):\n    def test_${CANARY}(self):\n        self.assertEqual(1, 2)\n`;
    case 'command': return undefined;
  }
}
