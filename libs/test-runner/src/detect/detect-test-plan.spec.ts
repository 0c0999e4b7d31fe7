import { describe, expect, it } from '@jest/globals';
import { listed } from '../testing/sample-repository.js';
import { detectTestPlan } from './detect-test-plan.js';

const json = (value: unknown): string => JSON.stringify(value);
const scripts = (test: string, rest: object = {}): string => json({ scripts: { test }, ...rest });
const nodeTest = "import { test } from 'node:test';\n";

describe('detectTestPlan', () => {
  it.each<[string, Record<string, string>, object]>([
    ['the test script', { 'package.json': scripts('node --test test/', { type: 'module' }), 'test/a.test.js': '' },
      { ecosystem: 'node', runner: 'node-test', command: ['node', '--test', 'test/'], moduleSystem: 'esm', dependencies: 'none', testDirectory: 'test/' }],
    ['a script that calls a script', { 'package.json': json({ scripts: { test: 'npm run test:unit', 'test:unit': 'vitest run' } }) }, { runner: 'vitest', command: ['node', 'node_modules/vitest/vitest.mjs', 'run'] }],
    ['a script that watches', { 'package.json': scripts('vitest --watch') }, { runner: 'vitest', command: ['node', 'node_modules/vitest/vitest.mjs', 'run'] }],
    ['a launcher', { 'package.json': scripts('npx jest --verbose') }, { runner: 'jest', command: ['node', 'node_modules/jest/bin/jest.js', '--verbose'], moduleSystem: 'commonjs' }],
    ['jest by its path, with modules', { 'package.json': scripts('node --experimental-vm-modules node_modules/jest/bin/jest.js', { type: 'module', devDependencies: { jest: '30' } }), 'package-lock.json': '{}' },
      { runner: 'jest', command: ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'], dependencies: 'npm-lock' }],
    ['a dependency behind a script for a shell', { 'package.json': scripts('tsc && vitest run', { devDependencies: { vitest: '4' } }), 'src/a.ts': '' }, { runner: 'vitest', typescript: true, dependencies: 'npm' }],
    ['a configuration file', { 'package.json': '{}', 'jest.config.mjs': '' }, { runner: 'jest' }],
    ['what tests import', { 'package.json': scripts('echo "Error: no test specified" && exit 1'), 'lib/cart.js': 'module.exports = 1', 'lib/cart.test.js': nodeTest }, { runner: 'node-test', command: ['node', '--test'], testDirectory: 'lib/', exampleTest: 'lib/cart.test.js' }],
    ['a package without tests', { 'package.json': '{"type":"module"}', 'index.js': '' }, { runner: 'node-test', testDirectory: 'test/' }],
    ['a runner it does not know', { 'package.json': scripts('mocha --exit', { devDependencies: { mocha: '11' } }), 'test/a.js': '' }, { ecosystem: 'node', runner: 'command', command: ['mocha', '--exit'] }],
    ['pytest.ini', { 'pytest.ini': '[pytest]', 'app.py': '' }, { ecosystem: 'python', runner: 'pytest', command: ['python3', '-m', 'pytest'], moduleSystem: 'python', dependencies: 'pip' }],
    ['pyproject.toml', { 'pyproject.toml': '[project]\nname = "x"\n\n[tool.pytest.ini_options]\n', 'tests/test_a.py': 'import unittest' }, { runner: 'pytest', testDirectory: 'tests/' }],
    ['a conftest', { 'tests/conftest.py': '', 'a.py': '' }, { runner: 'pytest' }],
    ['requirements', { 'requirements-dev.txt': 'pytest==8\n', 'a.py': '' }, { runner: 'pytest', dependencies: 'pip' }],
    ['pytest imports', { 'tests/test_a.py': 'import pytest\n' }, { runner: 'pytest' }],
    ['bare test functions', { 'tests/test_a.py': 'def test_a():\n    assert True\n' }, { runner: 'pytest' }],
    ['unittest imports', { 'tests/test_a.py': 'import unittest\n', 'a.py': '' }, { ecosystem: 'python', runner: 'unittest', command: ['python3', '-m', 'unittest', 'discover', '-s', 'tests'], dependencies: 'none', exampleTest: 'tests/test_a.py' }],
    ['Python without tests', { 'shop/cart.py': '' }, { runner: 'unittest', testDirectory: 'tests/' }],
  ])('finds %s', (_what, files, plan) => {
    expect(detectTestPlan(listed(files))).toMatchObject(plan);
  });

  it.each<[string, Record<string, string>]>([
    ['nothing at all', { 'README.md': '# hello' }],
    ['a language that it does not know', { 'main.go': 'package main', 'main_test.go': '' }],
    ['tests of nobody knows which runner', { 'package.json': '{}', 'test/a.test.js': "require('tap')" }],
  ])('finds nothing in %s', (_what, files) => {
    expect(detectTestPlan(listed(files))).toBeUndefined();
  });

  it.each<[string, Record<string, string>, object]>([
    ['npm test', { 'package.json': scripts('vitest') }, { runner: 'vitest' }],
    ['npm run check', { 'package.json': json({ scripts: { check: 'node --test' } }) }, { runner: 'node-test', command: ['node', '--test'] }],
    ['python -m pytest -q', { 'a.py': '' }, { ecosystem: 'python', runner: 'pytest', command: ['python3', '-m', 'pytest', '-q'] }],
    ['go test ./...', { 'main.go': '' }, { ecosystem: 'other', runner: 'command', command: ['go', 'test', './...'], moduleSystem: 'other' }],
    ['npm test', { 'README.md': '' }, { runner: 'command', command: ['npm', 'test'] }],
  ])('takes the given command %j', (testCommand, files, plan) => {
    expect(detectTestPlan({ ...listed(files), testCommand })).toMatchObject(plan);
  });

  it('refuses a given command that needs a shell', () => {
    expect(() => detectTestPlan({ ...listed({ 'package.json': '{}' }), testCommand: 'npm test && npm run lint' })).toThrow(expect.objectContaining({ code: 'CASC_TEST_COMMAND_INVALID' }));
  });

  it('survives a package.json that is not one', () => {
    for (const text of ['', '[]', '{"scripts":3,"dependencies":[1]}', 'null', '{']) expect(() => detectTestPlan(listed({ 'package.json': text, 'a.js': '' }))).not.toThrow();
  });

  it('prefers tests near the code over fixtures and dependencies', () => {
    const files = { 'package.json': '{"type":"module"}', 'node_modules/x/x.test.js': nodeTest, 'test/fixtures/y.test.js': nodeTest, 'src/b.test.js': nodeTest, 'src/c.test.js': nodeTest, 'test/a.test.js': nodeTest };
    expect(detectTestPlan(listed(files))).toMatchObject({ testDirectory: 'src/', exampleTest: 'src/b.test.js' });
  });
});
