import { posix } from 'node:path';
import type { ProgramInterface, TestPlan } from '@cascade/contracts';

const runners: Readonly<Record<TestPlan['runner'], string>> = {
  'node-test': 'node --test: `test` (or `describe` and `it`) from node:test, assertions from node:assert/strict',
  jest: 'jest: `test` or `it`, `describe` and `expect`, as the example test gets them',
  vitest: 'vitest: `test` or `it`, `describe` and `expect` from vitest, as the example test does',
  pytest: 'pytest: functions named test_…, plain assert statements, pytest.raises for errors',
  unittest: 'unittest: classes that extend unittest.TestCase with methods named test_…, and self.assert… calls',
  command: 'the repository\'s own command; write tests as the example test does',
};

const modules: Readonly<Record<TestPlan['moduleSystem'], string>> = {
  esm: 'ES modules: named exports with `export`, relative imports',
  commonjs: 'CommonJS: names as properties of `module.exports`, imported with `require`',
  python: 'Python modules: names at module level',
  other: 'as the existing files do it',
};

/** How this repository writes modules and tests, as lines for a prompt. */
export function conventions(plan: TestPlan): string {
  return [
    `- Language: ${plan.ecosystem === 'python' ? 'Python' : plan.typescript ? 'TypeScript' : plan.ecosystem === 'node' ? 'JavaScript' : 'as the existing files'}`,
    `- Modules: ${modules[plan.moduleSystem]}`,
    `- Tests: ${runners[plan.runner]}`,
    `- Test files are under ${plan.testDirectory}${plan.exampleTest === undefined ? '' : `; ${plan.exampleTest} shows their style`}`,
    '- No new dependencies: only what the repository already has and the language\'s standard library.',
  ].join('\n');
}

/**
 * The line with which a test imports a name, worked out by code so that test author and implementer cannot differ.
 * TypeScript is imported with the ending that the repository's own tests write. Python packages under `src/` without an `__init__.py` there are imported without the `src.` prefix (the src layout).
 */
export function importLine(plan: TestPlan, from: string, entry: Pick<ProgramInterface, 'path' | 'name'>, repositoryFiles: ReadonlySet<string>): string {
  if (plan.ecosystem === 'python') return `from ${pythonModule(entry.path, repositoryFiles)} import ${entry.name}`;
  const path = posix.relative(posix.dirname(from), entry.path);
  const relative = path.startsWith('.') ? path : `./${path}`;
  const specifier = plan.typescript ? relative.replace(/\.tsx?$/, plan.importEnding ?? (plan.runner === 'node-test' ? '.ts' : '')) : relative;
  return plan.moduleSystem === 'commonjs' && !plan.typescript ? `const { ${entry.name} } = require('${specifier}');` : `import { ${entry.name} } from '${specifier}';`;
}

function pythonModule(path: string, repositoryFiles: ReadonlySet<string>): string {
  const srcLayout = path.startsWith('src/') && path.split('/').length > 2 && !repositoryFiles.has('src/__init__.py');
  const trimmed = (srcLayout ? path.slice('src/'.length) : path).replace(/(?:\/__init__)?\.py$/, '');
  return trimmed.replaceAll('/', '.');
}
