import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolders, sampleGitRepository, startTestRedis, temporaryFolder, type SampleRepository, type TestRedis } from '@cascade/testing';
import { recordedScreen, type RecordedScreen } from '../testing/recorded-screen.js';
import { docs } from './docs.js';

const files = {
  'src/tax.ts': '/** The tax of a sum. */\nexport function taxOf(sum: number): number {\n  return sum / 5;\n}\n',
  'src/cart.ts': "import { taxOf } from './tax.js';\n\nexport function total(sum: number): number {\n  return sum + taxOf(sum);\n}\n",
};

describe('cascade docs', () => {
  let server: TestRedis;
  let env: NodeJS.ProcessEnv;
  let repository: SampleRepository;
  let screen: RecordedScreen;
  const call = (...args: string[]): Promise<number> => docs([...args, '--repo', repository.folder], env, screen);

  beforeAll(async () => {
    server = await startTestRedis();
    env = { PATH: process.env['PATH'], REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('docs-cli') };
    repository = sampleGitRepository(files, 'shop');
  });
  beforeEach(() => { screen = recordedScreen(); });
  afterAll(async () => {
    await server.stop();
    removeTemporaryFolders();
  });

  it('runs the services that it needs where none runs, and ends them', async () => {
    expect(await call('index')).toBe(0);
    expect(screen.dataLines).toEqual([expect.stringMatching(/^main at [0-9a-f]{10}: 2 files, 2 functions/)]);
    expect(screen.noticeLines.at(-1)).toMatch(/^whole: 2 files read/);
    expect(await call('search', 'tax', 'of', 'a', 'sum')).toBe(0);
    expect(screen.dataLines[1]).toBe('taxOf(sum: number): number  function  src/tax.ts#L2-L4');
  });

  it('asks services that run by one short line, and shows every kind of answer', async () => {
    const { docsServices, startStandalone } = await import('@cascade/standalone');
    const services = await startStandalone(env, undefined, docsServices);
    const shown = async (...args: string[]): Promise<string> => {
      screen = recordedScreen();
      expect(await call(...args)).toBe(0);
      expect(screen.noticeLines.join('\n')).toMatch(/main at [0-9a-f]{10}$/);
      return screen.dataLines.join('\n');
    };
    expect(await shown('callers', 'taxOf')).toBe('taxOf(sum: number): number  function  src/tax.ts#L2-L4\n  ← total  function  src/cart.ts#L3-L5  call at src/cart.ts#L4-L4');
    expect(await shown('deps', 'total')).toContain('  → taxOf  function');
    expect(await shown('impact', 'taxOf')).toContain('Callers (1 in 1 file)');
    expect(await shown('describe', 'taxOf')).toContain('\n    The tax of a sum.\n');
    expect(await shown('map')).toContain('src/tax.ts');
    expect(await shown('stats')).toMatch(/Functions {2}2, of which 0 tests/);
    expect(JSON.parse(await shownJson('describe', 'taxOf'))).toMatchObject({ symbol: { name: 'taxOf' }, branch: 'main', stale: false });
    await services.stop();

    async function shownJson(...args: string[]): Promise<string> {
      screen = recordedScreen();
      expect(await call(...args, '--json')).toBe(0);
      expect(screen.noticeLines).toEqual([]);
      return screen.dataLines.join('\n');
    }
  });

  it('tells what is wrong, with the exit code of its kind', async () => {
    expect(await call('describe', 'totel')).toBe(2);
    expect(screen.noticeLines.join('\n')).toMatch(/CASC_SYMBOL_NOT_FOUND[^]*total/);
    expect(await call('stats', '--branch', 'none')).toBe(2);
    expect(screen.noticeLines.join('\n')).toContain('cascade docs index');
    expect(await docs(['index', '--repo', path.join(repository.folder, 'none')], env, screen)).toBe(2);
    expect(screen.noticeLines.join('\n')).toContain('CASC_REPOSITORY_NOT_FOUND');
    expect(await docs(['walk'], env, screen)).toBe(2);
    expect(await docs(['search', 'x', '--remote'], { ...env, REDIS_URL: '' }, screen)).toBe(2);
  });
});
