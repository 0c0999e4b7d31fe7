import { isCascadeError, testPlan, type TestPlan } from '@cascade/contracts';
import { jestProgram, knownCommand, vitestProgram, type KnownCommand } from './known-command.js';
import { RepositoryView, type RepositoryFiles } from './repository-view.js';
import { splitCommand } from './split-command.js';
import { importEnding } from './import-ending.js';
import { commonFolder, exampleTest } from './test-places.js';

const npmScript = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:.-]+)$|^npm (t|tst)$/;
/** What `npm init` writes. */
const presetScript = /no test specified/;
const requirementFile = /^(requirements[^/]*|[^/]*-requirements|requirements\/[^/]+)\.txt$/;
const MAX_SCRIPT_DEPTH = 4;

/** A package.json script's command; scripts that need a shell, or only call a preset error, tell nothing. */
function scriptCommand(view: RepositoryView, name: string, depth: number): KnownCommand | undefined {
  const script = view.script(name);
  if (script === undefined || presetScript.test(script) || depth > MAX_SCRIPT_DEPTH) return undefined;
  const plain = script.replace(/^(?:cross-env )?NODE_OPTIONS=['"]?--experimental-vm-modules['"]? /, '');
  const inner = npmScript.exec(plain);
  if (inner !== null && inner[1] !== undefined && inner[1] !== name) return scriptCommand(view, inner[1], depth + 1);
  try {
    const words = splitCommand(plain);
    return knownCommand(words) ?? { ecosystem: 'node', runner: 'command', command: words };
  } catch (error) {
    if (isCascadeError(error)) return undefined;
    throw error;
  }
}

function commandFromWords(view: RepositoryView, testCommand: string): KnownCommand {
  const words = splitCommand(testCommand);
  const script = npmScript.exec(words.join(' '));
  const name = script === null ? undefined : script[1] ?? 'test';
  const fromScript = name === undefined ? undefined : scriptCommand(view, name, 0);
  if (fromScript !== undefined) return fromScript;
  const ecosystem = view.manifest !== undefined ? 'node' : view.hasPython ? 'python' : 'other';
  return knownCommand(words) ?? { ecosystem, runner: 'command', command: words };
}

const imports = (view: RepositoryView, tests: readonly string[], pattern: RegExp): boolean => tests.some((path) => pattern.test(view.text(path)));

function nodeEvidence(view: RepositoryView): KnownCommand | undefined {
  const script = scriptCommand(view, 'test', 0);
  if (script !== undefined && script.runner !== 'command') return script;
  const node = (runner: TestPlan['runner'], command: string[]): KnownCommand => ({ ecosystem: 'node', runner, command });
  if (view.dependsOn('vitest') || view.find(/(^|\/)vitest\.config\.[cm]?[jt]s$/) !== undefined) return node('vitest', ['node', vitestProgram, 'run']);
  if (view.dependsOn('jest') || view.find(/(^|\/)jest\.config\.([cm]?[jt]s|json)$/) !== undefined) return node('jest', ['node', jestProgram]);
  if (imports(view, view.javascriptTests, /['"]node:test['"]/)) return node('node-test', ['node', '--test']);
  if (script !== undefined) return script;
  // A repository without any tests yet: Node's own runner needs nothing to be installed.
  if (view.manifest !== undefined && view.javascriptTests.length === 0) return node('node-test', ['node', '--test']);
  return undefined;
}

function unittestCommand(view: RepositoryView): string[] {
  const folder = commonFolder(view.pythonTests, 'tests/');
  return folder === './' ? ['python3', '-m', 'unittest'] : ['python3', '-m', 'unittest', 'discover', '-s', folder.slice(0, -1)];
}

function pythonEvidence(view: RepositoryView): KnownCommand | undefined {
  const pytest: KnownCommand = { ecosystem: 'python', runner: 'pytest', command: ['python3', '-m', 'pytest'] };
  if (view.has('pytest.ini') || view.find(/(^|\/)conftest\.py$/) !== undefined) return pytest;
  if (/^\[tool\.pytest|^\[pytest\]|^\[tool:pytest\]/m.test(['pyproject.toml', 'setup.cfg', 'tox.ini'].map((path) => view.text(path)).join('\n'))) return pytest;
  if (imports(view, view.pythonTests, /^\s*(import pytest|from pytest )/m)) return pytest;
  const asked = view.paths.filter((path) => requirementFile.test(path)).some((path) => /^pytest\b/m.test(view.text(path)));
  if (asked) return pytest;
  const bare = view.pythonTests.length > 0 && view.pythonTests.every((path) => /^def test/m.test(view.text(path)) && !/unittest/.test(view.text(path)));
  if (bare) return pytest;
  if (imports(view, view.pythonTests, /^\s*(import unittest|from unittest)/m) || (view.hasPython && view.pythonTests.length === 0)) {
    return { ecosystem: 'python', runner: 'unittest', command: unittestCommand(view) };
  }
  return undefined;
}

function dependenciesOf(view: RepositoryView, known: KnownCommand): TestPlan['dependencies'] {
  if (known.ecosystem === 'node') {
    const found = view.manifest;
    const wanted = found === undefined ? 0 : [found.dependencies, found.devDependencies, found.optionalDependencies].reduce((sum, list) => sum + Object.keys(list).length, 0);
    if (wanted === 0) return 'none';
    return view.has('package-lock.json') || view.has('npm-shrinkwrap.json') ? 'npm-lock' : 'npm';
  }
  if (known.ecosystem !== 'python') return 'none';
  const declared = view.paths.some((path) => requirementFile.test(path)) || /^(dependencies|optional-dependencies)\s*=|^\[project\.optional-dependencies|^\[dependency-groups/m.test(view.text('pyproject.toml'));
  return declared || known.runner === 'pytest' ? 'pip' : 'none';
}

function moduleSystem(view: RepositoryView, ecosystem: TestPlan['ecosystem']): TestPlan['moduleSystem'] {
  if (ecosystem === 'python') return 'python';
  if (ecosystem !== 'node') return 'other';
  if (view.manifest?.type === 'module') return 'esm';
  const sources = view.paths.filter((path) => /\.[cm]?[jt]s$/.test(path) && !path.includes('.config.'));
  const modules = sources.filter((path) => path.endsWith('.mjs') || path.endsWith('.mts') || (/\.tsx?$/.test(path) && !/\brequire\(/.test(view.text(path)))).length;
  return sources.length > 0 && modules * 2 > sources.length ? 'esm' : 'commonjs';
}

/** Jest reads ECMAScript modules only when Node's module hooks are on. */
function withModuleFlag(known: KnownCommand, system: TestPlan['moduleSystem']): string[] {
  const flag = '--experimental-vm-modules';
  if (known.runner !== 'jest' || system !== 'esm' || known.command.includes(flag)) return [...known.command];
  return [known.command[0]!, flag, ...known.command.slice(1)];
}

function importEndingOf(view: RepositoryView): Pick<TestPlan, 'importEnding'> {
  const ending = importEnding(view.javascriptTests.map((path) => view.text(path)));
  return ending === undefined ? {} : { importEnding: ending };
}

/**
 * How a repository runs its tests: from `testCommand` when given, else from what package.json, configuration files and existing
 * tests say; undefined when nothing tells. A repository that has sources but no tests yet gets its language's own runner.
 * Throws CASC_TEST_COMMAND_INVALID (terminal) for a test command that needs a shell.
 */
export function detectTestPlan(repository: RepositoryFiles & { readonly testCommand?: string | undefined }): TestPlan | undefined {
  const view = new RepositoryView(repository);
  const known = repository.testCommand !== undefined ? commandFromWords(view, repository.testCommand) : nodeEvidence(view) ?? pythonEvidence(view);
  if (known === undefined) return undefined;
  const tests = known.ecosystem === 'python' ? view.pythonTests : view.javascriptTests;
  const bytes = new Map(repository.entries.map(({ path, bytes: size }) => [path, size]));
  const system = moduleSystem(view, known.ecosystem);
  const example = exampleTest(tests, (path) => bytes.get(path) ?? 0);
  return testPlan.parse({
    ecosystem: known.ecosystem, runner: known.runner, command: withModuleFlag(known, system), moduleSystem: system,
    typescript: known.ecosystem === 'node' && view.typescript,
    dependencies: dependenciesOf(view, known),
    testDirectory: commonFolder(tests, known.ecosystem === 'python' ? 'tests/' : 'test/'),
    ...(example === undefined ? {} : { exampleTest: example }),
    ...(known.ecosystem === 'node' && view.typescript ? importEndingOf(view) : {}),
  });
}
