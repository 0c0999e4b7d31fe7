import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitAll, makeFixture, naiveGit, text, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
let repositoryId: string;
let baseSha: string;
const cacheOf = (): string => join(fixture.places.cache, 'repositories', `${repositoryId}.git`);
const open = (key: string, base = baseSha): ReturnType<Fixture['git']['workspaces']['open']> => fixture.git.workspaces.open('c1', repositoryId, key, base);

beforeEach(async () => {
  fixture = makeFixture();
  commitAll(fixture.repo, { 'run.sh': '#!/bin/sh\n', 'win.txt': 'a\nb\n', '.gitattributes': 'win.txt text eol=crlf\n' });
  chmodSync(join(fixture.repo, 'run.sh'), 0o755);
  commitAll(fixture.repo, {});
  ({ repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo));
});
afterEach(async () => { await fixture.remove(); });

describe('open', () => {
  it('gives a checkout of its own, by key, reset when opened again', async () => {
    const first = await open('T001');
    expect(readFileSync(join(first.path, 'src/a.js'), 'utf8')).toBe('one\n');
    expect(first.path.startsWith(`${fixture.places.workspaces}/ws-`)).toBe(true);
    writeFiles(first.path, { 'src/a.js': 'dirty\n', 'left/over.txt': 'x' });
    mkdirSync(join(first.path, 'locked'), { mode: 0 });
    rmSync(join(first.path, '.git'));
    expect(await open('T001')).toEqual(first);
    expect(readdirSync(first.path).toSorted()).toEqual(['.git', '.gitattributes', 'README.md', 'run.sh', 'src', 'win.txt']);
    expect(readFileSync(join(first.path, 'src/a.js'), 'utf8')).toBe('one\n');
    expect((await open('T002')).path).not.toBe(first.path);
  });

  it('opens twelve at once', async () => {
    const opened = await Promise.all(Array.from({ length: 12 }, (_, index) => open(`T${index}`)));
    expect(new Set(opened.map(({ path }) => path)).size).toBe(12);
    for (const { path } of opened) expect(existsSync(join(path, 'README.md'))).toBe(true);
  });

  it('survives a prune while its .git file is missing', async () => {
    const { path, workspaceId } = await open('T001');
    rmSync(join(path, '.git'));
    naiveGit(fixture.root, `--git-dir=${cacheOf()}`, 'worktree', 'prune', '--expire', 'now');
    writeFiles(path, { 'src/a.js': 'two\n' });
    expect((await fixture.git.workspaces.commit('c1', workspaceId, ['src/a.js'], text('two'))).changed).toEqual(['src/a.js']);
  });
});

describe('commit', () => {
  it('commits the named paths only: changed, new, executable and deleted', async () => {
    const { path, workspaceId } = await open('T001');
    writeFiles(path, { 'src/a.js': 'two\n', 'src/new.js': 'new\n', 'not-named.txt': 'x', 'run.sh': '#!/bin/sh\ntrue\n' });
    rmSync(join(path, 'README.md'));
    symlinkSync('../README.md', join(path, 'src/link.md'));
    const paths = ['src/a.js', 'src/new.js', 'README.md', 'run.sh', 'src/link.md'];
    const commit = await fixture.git.workspaces.commit('c1', workspaceId, paths, text('red'));
    expect(commit.changed).toEqual(paths.toSorted());
    expect(naiveGit(fixture.root, `--git-dir=${cacheOf()}`, 'ls-tree', '-r', '--format=%(objectmode) %(path)', commit.sha).split('\n')).toEqual([
      '100644 .gitattributes', '100755 run.sh', '100644 src/a.js', '120000 src/link.md', '100644 src/new.js', '100644 win.txt',
    ]);
    expect(await fixture.git.workspaces.commit('c1', workspaceId, paths, text('red'))).toEqual(commit);
  });

  it('adds commits one on the other and leaves them when the workspace goes', async () => {
    const { path, workspaceId } = await open('T001');
    writeFiles(path, { 'test/a.test.js': 'red\n' });
    const red = await fixture.git.workspaces.commit('c1', workspaceId, ['test/a.test.js'], text('red'));
    writeFiles(path, { 'src/a.js': 'green\n' });
    const green = await fixture.git.workspaces.commit('c1', workspaceId, ['src/a.js'], text('green'));
    expect(await fixture.git.workspaces.close('c1', workspaceId)).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(await fixture.git.workspaces.close('c1', workspaceId)).toBe(false);
    expect(naiveGit(fixture.root, `--git-dir=${cacheOf()}`, 'log', '--format=%H', `${baseSha}..${green.sha}`).split('\n')).toEqual([green.sha, red.sha]);
    await expect(fixture.git.workspaces.commit('c1', workspaceId, ['src/a.js'], text('late'))).rejects.toMatchObject({ code: 'CASC_WORKSPACE_NOT_FOUND' });
  });

  it('keeps line endings as the repository keeps them', async () => {
    const { path, workspaceId } = await open('T001');
    expect(readFileSync(join(path, 'win.txt'), 'utf8')).toBe('a\r\nb\r\n');
    writeFileSync(join(path, 'win.txt'), 'a\r\nb\r\nc\r\n');
    const { sha } = await fixture.git.workspaces.commit('c1', workspaceId, ['win.txt'], text('win'));
    expect((await fixture.git.readFiles(repositoryId, sha, ['win.txt'], 100)).files[0]?.text).toBe('a\nb\nc\n');
  });

  it('belongs to one cascade', async () => {
    const { workspaceId } = await open('T001');
    await expect(fixture.git.workspaces.commit('c2', workspaceId, ['README.md'], text('x'))).rejects.toMatchObject({ code: 'CASC_WORKSPACE_NOT_FOUND' });
    expect(await fixture.git.workspaces.close('c2', workspaceId)).toBe(false);
  });
});

describe('cleanUp', () => {
  it('removes the workspaces and refs of one cascade, whatever tests did to the folders', async () => {
    const { path } = await open('T001');
    await open('T002');
    mkdirSync(join(path, 'a/b'), { recursive: true });
    writeFiles(path, { 'a/b/c': 'x' });
    chmodSync(join(path, 'a/b'), 0);
    chmodSync(path, 0o500);
    await fixture.git.open('c2', fixture.repo);
    const other = await fixture.git.workspaces.open('c2', repositoryId, 'T001', baseSha);
    expect(await fixture.git.workspaces.cleanUp('c1')).toEqual({ workspaces: 2, refs: 4 });
    expect(await fixture.git.workspaces.cleanUp('c1')).toEqual({ workspaces: 0, refs: 0 });
    await fixture.git.workspaces.settled();
    expect(readdirSync(fixture.places.workspaces).toSorted()).toEqual(['.registry', '.trash', other.workspaceId]);
    expect(readdirSync(join(fixture.places.workspaces, '.trash'))).toEqual([]);
    await expect(fixture.git.integrationTip('c1', repositoryId)).rejects.toMatchObject({ code: 'CASC_CASCADE_NOT_OPEN' });
    expect(await fixture.git.integrationTip('c2', repositoryId)).toBe(baseSha);
  });

  it('works after the cache was deleted', async () => {
    await open('T001');
    rmSync(fixture.places.cache, { recursive: true });
    expect(await fixture.git.workspaces.cleanUp('c1')).toEqual({ workspaces: 1, refs: 0 });
  });
});
