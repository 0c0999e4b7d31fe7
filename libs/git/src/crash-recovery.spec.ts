import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitRepositories } from './git-repositories.js';
import { commitAll, makeFixture, naiveGit, text, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
let repositoryId: string;
let baseSha: string;
const cacheOf = (): string => join(fixture.places.cache, 'repositories', `${repositoryId}.git`);
const FILES = 600;

beforeEach(async () => {
  fixture = makeFixture();
  commitAll(fixture.repo, Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`d${index % 30}/f${index}.txt`, `${index}\n`])));
  ({ repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo));
});
afterEach(async () => { await fixture.remove(); });

/** Starts a worker process and kills it, not its gits, after so many milliseconds of work. */
async function killWorkerAfter(milliseconds: number): Promise<void> {
  const source = join(import.meta.dirname, 'testing');
  const worker = spawn(process.execPath, [
    '--experimental-transform-types', '--no-warnings', '--conditions=@cascade/source', '--import', join(source, 'source-hooks.mjs'),
    join(source, 'workspace-loop.ts'), JSON.stringify({ places: fixture.places, repositoryId, base: baseSha }),
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(worker, 'exit') as Promise<[number | null, string | null]>;
  await Promise.race([once(worker.stdout, 'data'), exit]);
  setTimeout(() => worker.kill('SIGKILL'), milliseconds);
  const [code, signal] = await exit;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

describe('kill -9', () => {
  it('of a worker at any moment: the next one opens the workspace, commits and integrates', async () => {
    for (const milliseconds of [20, 60, 110, 170, 260, 400]) {
      await killWorkerAfter(milliseconds);
      const next = new GitRepositories(fixture.places);
      await next.workspaces.recover();
      const workspace = await next.workspaces.open('c1', repositoryId, 'T001', baseSha);
      expect(readdirSync(workspace.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /^f\d+\.txt$/.test(entry.name))).toHaveLength(FILES);
      writeFiles(workspace.path, { 'after.txt': `${milliseconds}` });
      const commit = await next.workspaces.commit('c1', workspace.workspaceId, ['after.txt'], text('after'));
      expect(commit.changed).toEqual(['after.txt']);
      expect((await next.commitFiles('c1', repositoryId, [{ path: 'after.txt', content: `${milliseconds}` }], text(`after ${milliseconds}`))).changed).toEqual(['after.txt']);
      await next.workspaces.settled();
    }
    expect(naiveGit(cacheOf(), 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(readdirSync(join(cacheOf(), 'worktrees'))).toHaveLength(1);
    await fixture.git.workspaces.cleanUp('c1');
    expect(existsSync(join(cacheOf(), 'worktrees'))).toBe(false);
  });

  it('of git in the moment in which a worktree is half made, which would keep git from ever adding another', async () => {
    await fixture.git.workspaces.open('c1', repositoryId, 'T001', baseSha);
    const half = join(cacheOf(), 'worktrees', 'half');
    mkdirSync(half);
    writeFileSync(join(half, 'locked'), 'initializing');
    writeFileSync(join(half, 'gitdir'), '/nowhere/.git');
    writeFileSync(join(half, 'commondir'), '');
    expect(() => naiveGit(cacheOf(), 'worktree', 'add', '--detach', '--no-checkout', join(fixture.places.cache, 'naive'), baseSha)).toThrow(/commondir/);
    expect(existsSync((await fixture.git.workspaces.open('c1', repositoryId, 'T002', baseSha)).path)).toBe(true);
    expect(existsSync(half)).toBe(false);
  });

  it('of git while it adds a worktree: what it leaves, git itself does not take away', async () => {
    const { path, workspaceId } = await fixture.git.workspaces.open('c1', repositoryId, 'T001', baseSha);
    const administration = join(cacheOf(), 'worktrees', workspaceId);
    // The measured state after a kill: locked as "initializing", an index.lock, a part of the files.
    writeFileSync(join(administration, 'locked'), 'initializing');
    writeFileSync(join(administration, 'index.lock'), '');
    naiveGit(fixture.root, `--git-dir=${cacheOf()}`, 'worktree', 'prune', '--expire', 'now');
    expect(() => naiveGit(fixture.root, `--git-dir=${cacheOf()}`, 'worktree', 'remove', '--force', path)).toThrow(/locked working tree/);
    expect((await fixture.git.workspaces.open('c1', repositoryId, 'T001', baseSha)).path).toBe(path);
    expect(existsSync(join(administration, 'index.lock'))).toBe(false);
    expect(await fixture.git.workspaces.close('c1', workspaceId)).toBe(true);
    expect(existsSync(administration)).toBe(false);
  });
});

describe('lock files of killed processes', () => {
  it('are removed when no git of ours works in the cache', async () => {
    for (const lock of ['packed-refs.lock', 'config.lock', 'refs/cascade/c1/integration.lock', 'shallow.lock']) writeFileSync(join(cacheOf(), lock), '');
    expect((await fixture.git.commitFiles('c1', repositoryId, [{ path: 'x.txt', content: 'x' }], text('x'))).changed).toEqual(['x.txt']);
    expect(existsSync(join(cacheOf(), 'refs/cascade/c1/integration.lock'))).toBe(false);
  });

  it('stay while a live git holds them, which ends in a named error', async () => {
    const lock = join(cacheOf(), 'refs/cascade/c1/integration.lock');
    writeFileSync(lock, '');
    const holder = spawn('git', ['cat-file', '--batch'], { env: { PATH: process.env['PATH'], GIT_DIR: cacheOf(), CASCADE_GIT_FOLDER: cacheOf() }, stdio: ['pipe', 'pipe', 'ignore'] });
    await once(holder, 'spawn');
    const write = fixture.git.commitFiles('c1', repositoryId, [{ path: 'x.txt', content: 'x' }], text('x'));
    await expect(write).rejects.toMatchObject({ kind: 'retryable', code: 'CASC_GIT_LOCKED' });
    expect(existsSync(lock)).toBe(true);
    utimesSync(lock, new Date(0), new Date(0)); // older than any call of ours may run
    expect((await fixture.git.commitFiles('c1', repositoryId, [{ path: 'x.txt', content: 'x' }], text('x'))).changed).toEqual(['x.txt']);
    holder.stdin.end();
    await once(holder, 'exit');
  });
});

describe('recover', () => {
  it('clears openings of processes that are gone, and folders that nobody knows', async () => {
    const kept = await fixture.git.workspaces.open('c1', repositoryId, 'T001', baseSha);
    const cut = await fixture.git.workspaces.open('c1', repositoryId, 'T002', baseSha);
    const registry = join(fixture.places.workspaces, '.registry', `${cut.workspaceId}.json`);
    const gone = spawn('true');
    await once(gone, 'exit');
    const { hostname } = await import('node:os');
    writeFileSync(registry, JSON.stringify({ workspaceId: cut.workspaceId, cascadeId: 'c1', repositoryId, key: 'T002', base: baseSha, state: 'opening', host: hostname(), pid: gone.pid, since: Date.now() }));
    const unknown = `ws-${'0'.repeat(32)}`;
    mkdirSync(join(fixture.places.workspaces, unknown));
    mkdirSync(join(fixture.places.workspaces, 'of-the-user'));
    expect(await new GitRepositories(fixture.places).workspaces.recover()).toEqual([cut.workspaceId, unknown]);
    expect(readdirSync(fixture.places.workspaces).toSorted()).toEqual(['.registry', '.trash', 'of-the-user', kept.workspaceId].toSorted());
    expect(readdirSync(join(cacheOf(), 'worktrees'))).toEqual([kept.workspaceId]);
  });
});
