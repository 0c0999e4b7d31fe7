import { MAX_CARRIED_BYTES, MAX_CARRIED_CHANGES } from '@cascade/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { findMarkedProcesses } from './git-processes.js';
import { commitAll, makeFixture, naiveGit, snapshot, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
beforeEach(() => { fixture = makeFixture({ 'README.md': 'hello\n', 'src/a.js': 'one\n', 'src/b.js': 'two\n' }); });
afterEach(async () => { await fixture.remove(); });

const blobOf = (revision: string, path: string): string => naiveGit(fixture.repo, 'rev-parse', `${revision}:${path}`);
const paths = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

describe('listTree', () => {
  it('lists the checked-out branch with its blobs, and changes nothing in the repository', async () => {
    const before = snapshot(fixture.repo);
    const tree = await fixture.git.listTree(fixture.repo, {});
    expect(tree).toMatchObject({ repositoryName: 'shop', branch: 'main', commit: naiveGit(fixture.repo, 'rev-parse', 'HEAD') });
    expect(tree.since).toBeUndefined();
    expect(tree.list).toEqual({ removed: [], files: ['README.md', 'src/a.js', 'src/b.js'].map((path) => ({ path, blob: blobOf('HEAD', path), kind: 'file' })) });
    expect(snapshot(fixture.repo)).toEqual(before);
  });

  it('lists only what changed since a commit: new bytes, new files, files that are gone', async () => {
    const { commit: since } = await fixture.git.listTree(fixture.repo, {});
    naiveGit(fixture.repo, 'rm', '-q', 'src/b.js');
    naiveGit(fixture.repo, 'mv', 'README.md', 'docs.md');
    commitAll(fixture.repo, { 'src/a.js': 'one and a half\n', 'name with\n line.js': 'x' });
    const { list } = await fixture.git.listTree(fixture.repo, { since });
    expect(list.removed.toSorted()).toEqual(['README.md', 'src/b.js']);
    expect(paths(list.files).toSorted()).toEqual(['docs.md', 'name with\n line.js', 'src/a.js']);
    expect(list.files.find(({ path }) => path === 'src/a.js')?.blob).toBe(blobOf('HEAD', 'src/a.js'));
  });

  it('tells few changes as git does, whatever became of names, with the bytes of the files that have room', async () => {
    const git = (...args: string[]): string => naiveGit(fixture.repo, ...args);
    const names = ['a', 'a/b', 'a/b/c', 'a.b', 'd/e', 'z'];
    const changes = fc.array(fc.record({ name: fc.constantFrom(...names), text: fc.option(fc.constantFrom('1', '2', 'x'.repeat(MAX_CARRIED_BYTES - 9))), mode: fc.constantFrom('100644', '100755', '120000') }), { maxLength: 6 });
    const commits: string[] = [];
    const texts = new Map<string, string>();
    for (const list of fc.sample(changes, { numRuns: 8, seed: 7 })) {
      git('read-tree', '--empty');
      for (const { name, text, mode } of list) {
        if (text === null) continue;
        writeFiles(fixture.root, { content: text });
        const blob = git('hash-object', '-w', join(fixture.root, 'content'));
        texts.set(blob, text);
        git('update-index', '--add', '--replace', '--cacheinfo', `${mode},${blob},${name}`);
      }
      commits.push(git('commit-tree', git('write-tree'), '-m', 'x'));
    }
    for (const [at, since] of commits.entries()) {
      const commit = commits[(at + 1) % commits.length]!;
      const { list, contents } = await fixture.git.listTree(fixture.repo, { commit, since });
      const said = git('diff-tree', '-r', '--no-renames', '--raw', '--abbrev=40', since, commit).split('\n').filter((line) => line !== '')
        .map((line) => { const [, , , blob, what, path] = line.split(/[ \t]/); return what === 'D' ? `- ${path}` : `${path} ${blob}`; });
      expect([...list.removed.map((path) => `- ${path}`), ...list.files.map(({ path, blob }) => `${path} ${blob}`)].toSorted()).toEqual(said.toSorted());
      for (const [blob, bytes] of contents) expect(String(bytes)).toBe(texts.get(blob));
      const small = list.files.filter(({ kind, blob }) => kind === 'file' && texts.get(blob)!.length === 1);
      expect([...contents.keys()]).toEqual(expect.arrayContaining(small.map(({ blob }) => blob)));
    }
  });

  it('asks one git as long as it lives, and another one when it was ended or a caller gave up', async () => {
    const { commit: since } = await fixture.git.listTree(fixture.repo, {});
    const gits = async (): Promise<number[]> => (await findMarkedProcesses('CASCADE_GIT_FOLDER', join(fixture.places.cache, 'repositories', `${repositoryId}.git`)))!;
    const { repositoryId } = await fixture.git.listTree(fixture.repo, { since });
    const changed = async (signal?: AbortSignal): Promise<string[]> => paths((await fixture.git.listTree(fixture.repo, { since }, signal)).list.files);
    commitAll(fixture.repo, { 'c.js': 'x' });
    expect(await changed()).toEqual(['c.js']);
    const [first, ...others] = await gits();
    expect(others).toEqual([]);
    commitAll(fixture.repo, { 'd.js': 'x' });
    naiveGit(fixture.repo, 'gc', '--quiet');
    expect(await changed()).toEqual(['c.js', 'd.js']);
    expect(await gits()).toEqual([first]);
    process.kill(first!, 'SIGKILL');
    expect(await changed()).toEqual(['c.js', 'd.js']);
    expect(await gits()).not.toContain(first);
    await expect(changed(AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await changed()).toEqual(['c.js', 'd.js']);
    const side = await Promise.all([changed(), changed(), changed()]);
    expect(side).toEqual(Array.from({ length: 3 }, () => ['c.js', 'd.js']));
    fixture.git.close();
    while ((await gits()).length > 0) await new Promise((resolve) => { setTimeout(resolve, 5); });
  });

  it('lists many changes without their bytes', async () => {
    const { commit: since } = await fixture.git.listTree(fixture.repo, {});
    commitAll(fixture.repo, Object.fromEntries(Array.from({ length: MAX_CARRIED_CHANGES + 1 }, (_, at) => [`many/${at}.js`, 'x'])));
    const tree = await fixture.git.listTree(fixture.repo, { since });
    expect([tree.since, tree.list.files.length, tree.contents.size]).toEqual([since, MAX_CARRIED_CHANGES + 1, 0]);
  });

  it('reads a branch that git has packed away, and asks git where a branch is another name', async () => {
    naiveGit(fixture.repo, 'pack-refs', '--all');
    const commit = naiveGit(fixture.repo, 'rev-parse', 'HEAD');
    expect(await fixture.git.listTree(fixture.repo, {})).toMatchObject({ branch: 'main', commit });
    naiveGit(fixture.repo, 'symbolic-ref', 'refs/heads/other', 'refs/heads/main');
    expect(await fixture.git.listTree(fixture.repo, { branch: 'other' })).toMatchObject({ branch: 'other', commit });
  });

  it('has no changes since the same commit, and gives the whole list for a commit that it does not know', async () => {
    const { commit } = await fixture.git.listTree(fixture.repo, {});
    expect(await fixture.git.listTree(fixture.repo, { since: commit })).toMatchObject({ since: commit, list: { files: [], removed: [] } });
    const whole = await fixture.git.listTree(fixture.repo, { since: 'f'.repeat(40) });
    expect(whole.since).toBeUndefined();
    expect(whole.list.files).toHaveLength(3);
  });

  it('names symbolic links and submodules for what they are, and lists through none of them', async () => {
    const inner = makeFixture({ 'inside.js': 'x' });
    symlinkSync('.', join(fixture.repo, 'loop'));
    symlinkSync('/etc', join(fixture.repo, 'out'));
    naiveGit(fixture.repo, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.repo, 'vendor');
    commitAll(fixture.repo, {});
    await inner.remove();
    const { list } = await fixture.git.listTree(fixture.repo, {});
    const kinds = Object.fromEntries(list.files.map(({ path, kind }) => [path, kind]));
    expect(kinds).toMatchObject({ loop: 'symlink', out: 'symlink', vendor: 'submodule', 'src/a.js': 'file' });
    expect(Object.keys(kinds)).toHaveLength(7);
  });

  it('lists a named branch and a commit of the past', async () => {
    const first = naiveGit(fixture.repo, 'rev-parse', 'HEAD');
    naiveGit(fixture.repo, 'checkout', '-q', '-b', 'side');
    commitAll(fixture.repo, { 'side.js': 'x' });
    naiveGit(fixture.repo, 'checkout', '-q', 'main');
    expect(paths((await fixture.git.listTree(fixture.repo, { branch: 'side' })).list.files)).toContain('side.js');
    expect(await fixture.git.listTree(fixture.repo, { branch: 'side', commit: first })).toMatchObject({ branch: 'side', commit: first });
    await expect(fixture.git.listTree(fixture.repo, { branch: 'none' })).rejects.toMatchObject({ code: 'CASC_BRANCH_NOT_FOUND' });
    await expect(fixture.git.listTree(fixture.repo, { commit: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'CASC_COMMIT_NOT_FOUND' });
  });
});

describe('readBlobs', () => {
  const bounds = { eachBytes: 100, allBytes: 1_000 };
  const texts = (read: { content: Buffer; blobs: readonly { offset: number; bytes: number }[] }): string[] => read.blobs.map(({ offset, bytes }) => read.content.toString('utf8', offset, offset + bytes));

  it('reads blobs one after the other, each once, empty ones and those with line ends too', async () => {
    writeFiles(fixture.repo, { empty: '', lines: 'a\n\nb\r\n\0c' });
    commitAll(fixture.repo, {});
    const { repositoryId } = await fixture.git.listTree(fixture.repo, {});
    const wanted = ['empty', 'lines', 'src/a.js', 'lines'].map((path) => blobOf('HEAD', path));
    const read = await fixture.git.readBlobs(repositoryId, wanted, bounds);
    expect(read.blobs.map(({ blob }) => blob)).toEqual([...new Set(wanted)]);
    expect(texts(read)).toEqual(['', 'a\n\nb\r\n\0c', 'one\n']);
  });

  it('names what is missing, is no blob or is too large, and what had no room', async () => {
    commitAll(fixture.repo, { large: 'x'.repeat(101), 'c.js': 'three\n' });
    const { repositoryId, commit } = await fixture.git.listTree(fixture.repo, {});
    const [a, b, c, large] = ['src/a.js', 'src/b.js', 'c.js', 'large'].map((path) => blobOf('HEAD', path)) as [string, string, string, string];
    const missing = 'e'.repeat(40);
    const read = await fixture.git.readBlobs(repositoryId, [large, missing, commit, a, b, c], { eachBytes: 100, allBytes: 8 });
    expect(read.omitted).toEqual([{ blob: large, reason: 'too-large' }, { blob: missing, reason: 'missing' }, { blob: commit, reason: 'missing' }]);
    expect(texts(read)).toEqual(['one\n', 'two\n']);
    expect(read.left).toEqual([c]);
    expect(texts(await fixture.git.readBlobs(repositoryId, read.left, { eachBytes: 100, allBytes: 2 }))).toEqual(['three\n']);
  });

  it('reads many, and few that are larger than may be read at once, by asking for their sizes first', async () => {
    const names = Array.from({ length: 70 }, (_, number) => `many/${number}.js`);
    commitAll(fixture.repo, { ...Object.fromEntries(names.map((name) => [name, `${name}\n`])), large: 'x'.repeat(100_000) });
    const { repositoryId } = await fixture.git.listTree(fixture.repo, {});
    const wanted = names.map((name) => blobOf('HEAD', name));
    expect(texts(await fixture.git.readBlobs(repositoryId, wanted, { eachBytes: 100, allBytes: 10_000 }))).toEqual(names.map((name) => `${name}\n`));
    const large = blobOf('HEAD', 'large');
    expect((await fixture.git.readBlobs(repositoryId, [large, wanted[0]!], bounds)).omitted).toEqual([{ blob: large, reason: 'too-large' }]);
  });

  it('reads a repository on this machine where it is: nothing is fetched, and what is gone is missing', async () => {
    const { repositoryId, commit: first } = await fixture.git.listTree(fixture.repo, {});
    commitAll(fixture.repo, { 'src/a.js': 'two\n' });
    const { list, commit } = await fixture.git.listTree(fixture.repo, { since: first });
    expect(texts(await fixture.git.readBlobs(repositoryId, list.files.map(({ blob }) => blob), bounds))).toEqual(['two\n']);
    await expect(fixture.git.readFiles(repositoryId, commit, [], 1)).rejects.toMatchObject({ kind: expect.any(String) });
    const blob = blobOf('HEAD', 'src/a.js');
    rmSync(join(fixture.repo, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    expect((await fixture.git.readBlobs(repositoryId, [blob], bounds)).omitted).toEqual([{ blob, reason: 'missing' }]);
    rmSync(fixture.repo, { recursive: true });
    expect((await fixture.git.readBlobs(repositoryId, [blob], bounds)).omitted).toEqual([{ blob, reason: 'missing' }]);
  });

  it('fetches first where the folder of the objects has a name that git would take for two', async () => {
    const odd = `${fixture.repo}:odd`;
    renameSync(fixture.repo, odd);
    const { repositoryId, list } = await fixture.git.listTree(odd, {});
    expect(texts(await fixture.git.readBlobs(repositoryId, list.files.map(({ blob }) => blob), bounds))).toEqual(['hello\n', 'one\n', 'two\n']);
    renameSync(odd, fixture.repo);
  });

  it('reads nothing of a repository that is not in the cache', async () => {
    await expect(fixture.git.readBlobs('shop-0123456789abcdef', ['a'.repeat(40)], bounds)).rejects.toMatchObject({ code: 'CASC_REPOSITORY_NOT_OPEN' });
  });
});
