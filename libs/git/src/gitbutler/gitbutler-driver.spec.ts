import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConformanceBench } from '../conformance-bench.js';
import { GitRepositories } from '../git-repositories.js';
import { StoryStack, type StoryChange } from '../story-stack.js';
import { useFakeBut } from '../testing/fake-path.js';
import { commitAll, makeFixture, naiveGit, writeFiles } from '../testing/git-fixture.js';
import { WorktreeDriver } from '../worktree-driver.js';
import { But } from './but.js';
import { GitButlerDriver } from './gitbutler-driver.js';

const fakeBut = join(import.meta.dirname, '../testing/fake-but/but.mjs');
let root: string;
beforeEach(() => { root = realpathSync(mkdtempSync(join(tmpdir(), 'cascade-but-spec-'))); });
afterEach(() => { rmSync(root, { recursive: true, force: true }); });

/** A program named `but` that does what a shell script says. */
function script(text: string): string {
  const path = join(root, 'but');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const exitCode = (...args: string[]): number => {
  try {
    execFileSync(fakeBut, args, { cwd: root, stdio: 'ignore', env: { PATH: process.env['PATH'] ?? '', NO_BG_TASKS: '1', E2E_TEST_APP_DATA_DIR: join(root, 'app') } });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
};

describe('the stand-in for `but`', () => {
  it.each([
    [['stage', 'a', 'b']], [['branch', 'create', 'x']], [['commit', 'x', '-c', '-m', 'y']], [['commit', '-b', 'x']], [['move', 'x', '--onto', 'y']], [['status', '--format', 'json']],
  ])('takes no other command line than that of 0.22: %j', (args) => expect(exitCode(...args)).toBe(2));

  it('does not work with telemetry on, nor in what is not a clone of its own', () => {
    naiveGit(root, 'init', '-q');
    expect(exitCode('--json', '-C', root, 'setup')).toBe(1);
    expect(exitCode('--json', '-C', root, 'config', 'metrics', 'disable')).toBe(0);
    expect(exitCode('--json', '-C', join(root, 'app'), 'setup')).toBe(1);
  });
});

describe('a `but` that cannot be trusted', () => {
  it('sees no secret and no settings of the user, and its own home is in the clone', async () => {
    const secrets = { CASCADE_GIT_TOKEN: 'geheim-1', OPENAI_API_KEY: 'geheim-2', CASCADE_GITHUB_PRIVATE_KEY: 'geheim-3', REDIS_URL: 'redis://geheim-4' };
    Object.assign(process.env, secrets);
    await new But(script(`env > ${root}/seen; echo '{}'`)).call(z.unknown(), { clone: root, args: ['setup'] });
    for (const name of Object.keys(secrets)) delete process.env[name];
    const seen = readFileSync(join(root, 'seen'), 'utf8');
    expect(seen).not.toContain('geheim');
    expect(seen.split('\n').filter((line) => /^(HOME|XDG_|E2E_|NO_BG)/.test(line)).map((line) => line.replace(root, '')).toSorted()).toEqual([
      'E2E_TEST_APP_DATA_DIR=/.git/cascade/app', 'HOME=/.git/cascade', 'NO_BG_TASKS=1', 'XDG_CACHE_HOME=/.git/cascade/cache', 'XDG_CONFIG_HOME=/.git/cascade/config', 'XDG_DATA_HOME=/.git/cascade/data', 'XDG_STATE_HOME=/.git/cascade/state',
    ]);
  });

  it.each([
    ['answers in another shape', 'echo \'{"commitId":"--upload-pack=evil"}\''],
    ['answers no JSON', 'echo Done'],
    ['breaks', 'echo "panicked at src/x.rs" >&2; exit 101'],
  ])('is told from one that refuses when it %s', async (_what, text) => {
    await expect(new But(script(text)).try(z.object({ commitId: z.string().regex(/^[0-9a-f]{40}$/) }), { clone: root, args: ['commit'] })).rejects.toMatchObject({ kind: 'retryable', code: 'CASC_GITBUTLER_FAILED' });
  });

  it('cannot pass off branches that are not the story', async () => {
    class Lying extends WorktreeDriver {
      override async push(...[place, , ref]: Parameters<WorktreeDriver['push']>): Promise<string> {
        await place.repository.git(['update-ref', ref, bench.base]);
        return bench.base;
      }
    }
    const bench = await ConformanceBench.start(({ runner, trash, mutex }) => new Lying(runner, trash, mutex));
    const made = await bench.commit('cascade/first', {}).catch(() => bench.base);
    expect(made).toBe(bench.base);
    await bench.driver.createBranch(bench.place, 'cascade/work');
    const work = await bench.commit('cascade/work', { 'a.txt': 'work\n' });
    await bench.driver.open(bench.place, bench.base, 'again');
    const stack = new StoryStack(bench.driver, bench.place, bench.base);
    await stack.add({ branch: 'cascade/x', tasks: [], commit: work, dependsOn: [] }, [work]);
    await expect(stack.finish((branch) => `refs/x/${branch}`)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_STORY_NOT_SPREAD' });
    await bench.stop();
  });
});

describe('a repository that cannot be trusted', () => {
  it('runs nothing: neither filters that its files name, nor hooks, nor what lies in its tree', async () => {
    const bench = await ConformanceBench.start(({ runner, trash }) => new GitButlerDriver(runner, trash, new But(fakeBut)));
    const ran = join(root, 'ran');
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.commit('cascade/x', {
      '.gitattributes': '* filter=evil diff=evil\n', '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% ${ran}\n`,
      'bare/HEAD': 'ref: refs/heads/main\n', 'bare/config': `[core]\n\tbare = true\n\tfsmonitor = touch ${ran}\n[filter "evil"]\n\tclean = touch ${ran}\n`, 'bare/objects/x': '', 'bare/refs/x': '',
    });
    await bench.commit('cascade/x', { 'a.txt': 'more\n' });
    expect(existsSync(ran)).toBe(false);
    expect(Object.keys(await bench.changesOf('cascade/x'))).toContain('bare/config');
    await bench.stop();
  });
});

describe('kill -9', () => {
  it('of a worker at any moment: the next one clears the clone away and spreads the story', async () => {
    const fake = useFakeBut();
    const fixture = makeFixture();
    commitAll(fixture.repo, Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d/f${index}.txt`, `${index}\n`])));
    const { repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo);
    const unit = await fixture.git.workspaces.open('c1', repositoryId, 'T001', baseSha);
    writeFiles(unit.path, { 'done.txt': 'x\n' });
    const { sha } = await fixture.git.workspaces.commit('c1', unit.workspaceId, ['done.txt'], { subject: 'feat: x', body: '', trailers: [{ name: 'Task', value: 'T001' }] });
    const changes: StoryChange[] = [{ branch: 'cascade/1-x', tasks: ['T001'], commit: sha, dependsOn: [] }];
    const source = join(import.meta.dirname, '../testing');
    for (const milliseconds of [80, 250, 600]) {
      const worker = spawn(process.execPath, [
        '--experimental-transform-types', '--no-warnings', '--conditions=@cascade/source', '--import', join(source, 'source-hooks.mjs'),
        join(source, 'story-loop.ts'), JSON.stringify({ places: fixture.places, repositoryId, changes }),
      ], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exit = once(worker, 'exit');
      await Promise.race([once(worker.stdout, 'data'), exit]);
      setTimeout(() => worker.kill('SIGKILL'), milliseconds);
      expect(await exit).toEqual([null, 'SIGKILL']);
      const next = new GitRepositories({ ...fixture.places, driver: 'gitbutler' });
      await next.workspaces.recover();
      expect(readdirSync(fixture.places.workspaces).filter((name) => name.startsWith('ws-'))).toEqual([unit.workspaceId]);
      expect(await next.workspaces.spreadStory('c1', repositoryId, 'story/1.1', changes)).toHaveLength(1);
      await next.workspaces.settled();
    }
    const cache = join(fixture.places.cache, 'repositories', `${repositoryId}.git`);
    expect(naiveGit(cache, '--git-dir', cache, 'fsck', '--strict', '--no-dangling')).toBe('');
    await fixture.remove();
    fake.restore();
  });
});
