import { posix } from 'node:path';
import type { TestPlan } from '@cascade/contracts';

/** How one repository names and places its tests: for the planner in words, for the validator as a predicate. */
export interface TestNames {
  readonly text: string;
  readonly kindOf: (path: string) => 'test' | 'support' | 'none';
}

const folders = new Set(['test', 'tests', '__tests__', 'spec', '__fixtures__', '__mocks__']);
const script = /[._-](test|spec)(\.[cm]?[jt]sx?)$/;
/** What the runners find by themselves: node's test runner, jest and vitest share these; Python's differ. */
const found: Readonly<Record<TestPlan['runner'], RegExp>> = {
  'node-test': /(?:[._-]test|(?:^|\/)test(?:-[^/]+)?)\.[cm]?[jt]s$/,
  jest: /[.](?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)__tests__\/.*\.[cm]?[jt]sx?$/,
  vitest: /[.](?:test|spec)\.[cm]?[jt]sx?$/,
  pytest: /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/,
  unittest: /(?:^|\/)test[^/]*\.py$/,
  command: /[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]*$/,
};

/** The rules for new test files, read off the repository's runner and its example. */
export function testNames(plan: TestPlan): TestNames {
  const ending = plan.exampleTest === undefined ? undefined : script.exec(plan.exampleTest)?.[0];
  const folder = requiredFolder(plan);
  const isNamed = (path: string): boolean => (ending === undefined ? found[plan.runner].test(path) || inNodeTestFolder(plan, path) : path.endsWith(ending));
  const inPlace = (path: string): boolean => folder === undefined || (plan.runner === 'unittest' ? posix.dirname(path) === folder : path.startsWith(`${folder}/`));
  return {
    text: [
      `- A new test file's name ${ending === undefined ? runnerText(plan) : `ends in ${ending}`}.`,
      folder === undefined ? `- It lies where its neighbours lie: ${plan.testDirectory}.` : `- It lies ${plan.runner === 'unittest' ? 'directly in' : 'in or below'} ${folder}/.`,
      '- Names say what is tested; no two tasks use the same file; names of existing tests are not reused.',
    ].join('\n'),
    kindOf: (path) => {
      if (isNamed(path) && inPlace(path)) return 'test';
      return inTestFolder(path) || found[plan.runner].test(path) || /(?:^|\/)conftest\.py$/.test(path) ? 'support' : 'none';
    },
  };
}

const inTestFolder = (path: string): boolean => path.split('/').slice(0, -1).some((segment) => folders.has(segment));

/** `node --test` runs every script below a folder named test. */
const inNodeTestFolder = (plan: TestPlan, path: string): boolean => plan.runner === 'node-test' && /(?:^|\/)test\/.*\.[cm]?[jt]s$/.test(path);

/** Tests kept apart stay in their folder; tests beside the sources may be anywhere. */
function requiredFolder(plan: TestPlan): string | undefined {
  const place = plan.exampleTest === undefined ? posix.normalize(plan.testDirectory).replace(/\/$/, '') : posix.dirname(plan.exampleTest);
  if (plan.runner === 'unittest') return place;
  const segments = place.split('/');
  const index = segments.findIndex((segment) => folders.has(segment));
  return index < 0 ? undefined : segments.slice(0, index + 1).join('/');
}

function runnerText(plan: TestPlan): string {
  switch (plan.runner) {
    case 'pytest': return 'is test_….py';
    case 'unittest': return 'is test_….py';
    case 'node-test': return plan.typescript ? 'ends in .test.ts' : 'ends in .test.js';
    case 'jest':
    case 'vitest': return plan.typescript ? 'ends in .test.ts' : 'ends in .test.js';
    case 'command': return 'is formed as the existing tests\' names are';
  }
}
