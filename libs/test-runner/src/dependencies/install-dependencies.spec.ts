import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { openSandbox } from '@cascade/sandbox';
import { itWith } from '@cascade/testing';
import { detectTestPlan } from '../detect/detect-test-plan.js';
import { runTests, type Dependencies } from '../run/run-tests.js';
import { isGreen } from '../run/test-run.js';
import { LocalRegistry, writeWheel } from '../testing/local-registry.js';
import { listed, SampleRepository } from '../testing/sample-repository.js';
import { installDependencies } from './install-dependencies.js';
import { toolEnvironment } from './tool-environment.js';

const TEST_TIMEOUT_MS = 120_000;

describe('installDependencies', () => {
  const registry = new LocalRegistry();
  const wheels = mkdtempSync(join(tmpdir(), 'cascade-wheels-'));
  const before = { ...process.env };
  let cacheRoot: string;
  let repository: SampleRepository | undefined;
  beforeAll(async () => {
    await registry.start();
    Object.assign(process.env, { npm_config_registry: registry.url, npm_config_cache: mkdtempSync(join(wheels, 'npm-')), PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, CASCADE_TEST_API_KEY: 'secret' });
  });
  afterAll(() => {
    registry.stop();
    rmSync(wheels, { recursive: true, force: true });
    process.env = before;
  });
  beforeEach(() => {
    cacheRoot = mkdtempSync(join(tmpdir(), 'cascade-deps-'));
    chmodSync(cacheRoot, 0o755);
  });
  afterEach(() => {
    repository?.remove();
    rmSync(cacheRoot, { recursive: true, force: true });
  });

  async function install(files: Record<string, string>): Promise<{ plan: TestPlan; dependencies: Dependencies }> {
    repository?.remove();
    repository = new SampleRepository(files);
    const plan = detectTestPlan(listed(files))!;
    return { plan, dependencies: await installDependencies({ plan, folder: repository.folder, cacheRoot, timeoutMs: 120_000 }) };
  }

  const npm = (rest: object): Record<string, string> => ({
    'package.json': JSON.stringify({ scripts: { test: 'node --test', preinstall: 'touch REPOSITORY-SCRIPT' }, ...rest }),
    '.npmrc': 'registry=http://127.0.0.1:1/\nignore-scripts=false\n',
    'tiny.test.js': "const { test } = require('node:test'); const assert = require('node:assert'); test('tiny', () => assert.equal(require('tiny'), 42));\n",
  });

  it('installs npm packages without any script and without the repository\'s configuration, and tests can use them', async () => {
    const { plan, dependencies } = await install(npm({ dependencies: { tiny: '^1.0.0' } }));
    expect(dependencies.mounts).toEqual([{ from: expect.stringContaining(cacheRoot), to: '/workspace/node_modules' }]);
    expect(readdirSync(join(dependencies.mounts[0]!.from, 'tiny')).sort()).toEqual(['index.js', 'package.json']);
    expect(existsSync(join(dependencies.mounts[0]!.from, '../REPOSITORY-SCRIPT'))).toBe(false);
    const run = await runTests({ sandbox: await openSandbox(), plan, folder: repository!.folder, dependencies, timeoutMs: 120_000 });
    expect(isGreen(run)).toBe(true);
  }, TEST_TIMEOUT_MS);

  it('asks no registry the second time, and leaves nothing half-done in the cache', async () => {
    const first = await install(npm({ dependencies: { tiny: '1.0.0' } }));
    const asked = registry.requests;
    const second = await install(npm({ dependencies: { tiny: '1.0.0' } }));
    expect(second.dependencies).toEqual(first.dependencies);
    expect(registry.requests).toBe(asked);
    expect(readdirSync(cacheRoot)).toHaveLength(1);
  }, TEST_TIMEOUT_MS);

  it('says what npm said when it fails, and keeps nothing', async () => {
    await expect(install(npm({ dependencies: { 'not-there-at-all': '1' } }))).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_DEPENDENCIES_FAILED', message: expect.stringContaining('not-there-at-all') });
    expect(readdirSync(cacheRoot)).toEqual([]);
  }, TEST_TIMEOUT_MS);

  it.each([
    ['file:../../etc'], ['git+ssh://git@example.org/x.git'], ['github:someone/thing'], ['someone/thing'], ['https://example.org/x.tgz'], ['link:../x'], ['~/x'], ['/etc'],
  ])('refuses the package %s', async (spec) => {
    await expect(install(npm({ dependencies: { x: spec } }))).rejects.toMatchObject({ code: 'CASC_DEPENDENCIES_FAILED', message: expect.stringContaining('does not come from a registry') });
    expect(readdirSync(cacheRoot)).toEqual([]);
  });

  it('refuses a lock file that leads elsewhere', async () => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/tiny': { version: '1.0.0', resolved: 'git+ssh://git@example.org/x.git' } } });
    await expect(install({ ...npm({ dependencies: { tiny: '1.0.0' } }), 'package-lock.json': lock })).rejects.toMatchObject({ code: 'CASC_DEPENDENCIES_FAILED' });
  });

  it('needs nothing when nothing is asked for', async () => {
    expect((await install({ 'package.json': '{}', 'a.js': '' })).dependencies).toEqual({ mounts: [], env: {} });
  });

  itWith(['python3', '-m', 'pip', '--version'], 'the installation of Python packages')('installs wheels for Python from requirements, included files and pyproject.toml', async () => {
    writeWheel(wheels);
    const { plan, dependencies } = await install({
      'requirements.txt': '-r requirements/base.txt\n', 'requirements/base.txt': '# nothing\ntinywheel >= 1.0 ; python_version >= "3"\n',
      'pyproject.toml': '[project]\nname = "x"\ndependencies = ["tinywheel==1.0"]\n',
      'tests/test_tiny.py': 'import unittest\nimport tinywheel\nclass A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(tinywheel.ANSWER, 42)\n',
    });
    expect(plan).toMatchObject({ runner: 'unittest', dependencies: 'pip' });
    expect(dependencies.env).toEqual({ PYTHONPATH: '/opt/dependencies/python' });
    expect(readFileSync(join(dependencies.mounts[0]!.from, 'tinywheel.py'), 'utf8')).toContain('42');
    const run = await runTests({ sandbox: await openSandbox(), plan, folder: repository!.folder, dependencies, timeoutMs: 120_000 });
    expect(isGreen(run)).toBe(true);
  }, TEST_TIMEOUT_MS);

  it.each([['-e .'], ['--index-url http://127.0.0.1:1/'], ['./local'], ['x @ https://example.org/x.whl'], ['git+https://example.org/x.git'], ['--find-links /etc']])('refuses the requirement %s', async (line) => {
    await expect(install({ 'requirements.txt': `${line}\n`, 'tests/test_a.py': 'import unittest\n' })).rejects.toMatchObject({ code: 'CASC_DEPENDENCIES_FAILED' });
  });

  it('gives package managers no secrets', () => {
    expect(Object.keys(toolEnvironment())).toEqual(expect.arrayContaining(['PATH', 'npm_config_registry', 'PIP_FIND_LINKS']));
    expect(JSON.stringify(toolEnvironment())).not.toContain('secret');
  });
});
