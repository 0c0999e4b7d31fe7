import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitRepositories } from './git-repositories.js';
import { commitAll, makeFixture, naiveGit, snapshot, text, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
beforeEach(() => { fixture = makeFixture(); });
afterEach(async () => { await fixture.remove(); });

describe('open', () => {
  it('starts at the checked-out branch and changes nothing in the repository', async () => {
    const before = snapshot(fixture.repo);
    const opened = await fixture.git.open('c1', fixture.repo);
    expect(opened).toMatchObject({ repositoryName: 'shop', branch: 'main', baseSha: naiveGit(fixture.repo, 'rev-parse', 'HEAD'), nextEpicId: 1, notices: [] });
    expect(opened.repositoryId).toMatch(/^shop-[0-9a-f]{16}$/);
    expect(snapshot(fixture.repo)).toEqual(before);
  });

  it('is the same repository by path, subfolder, file URL and linked worktree', async () => {
    naiveGit(fixture.repo, 'worktree', 'add', '-q', '-b', 'side', join(fixture.root, 'linked'));
    const ids = await Promise.all([fixture.repo, join(fixture.repo, 'src'), `file://${fixture.repo}`, `${fixture.repo}/.git`].map(async (address, index) => (await fixture.git.open(`c${index}`, address)).repositoryId));
    const linked = await fixture.git.open('c9', join(fixture.root, 'linked'));
    expect(new Set(ids).size).toBe(1);
    expect(linked.branch).toBe('side');
    const bare = join(fixture.root, 'linked');
    expect((await fixture.git.open('c9', bare)).baseSha).toBe(linked.baseSha);
  });

  it('keeps its base when the branch moves and it is opened again', async () => {
    const first = await fixture.git.open('c1', fixture.repo);
    const next = commitAll(fixture.repo, { 'b.txt': 'b' });
    expect((await fixture.git.open('c1', fixture.repo)).baseSha).toBe(first.baseSha);
    expect((await fixture.git.open('c2', fixture.repo)).baseSha).toBe(next);
  });

  it('says how many uncommitted changes are left out, without running the filters of the repository', async () => {
    const trace = join(fixture.root, 'executed');
    commitAll(fixture.repo, { '.gitattributes': '*.js filter=evil\n', '.gitignore': 'ignored\n' });
    naiveGit(fixture.repo, 'config', 'filter.evil.clean', `touch ${trace}; cat`);
    naiveGit(fixture.repo, 'config', 'core.fsmonitor', `touch ${trace}`);
    writeFiles(fixture.repo, { 'src/a.js': 'changed\n', 'new.txt': 'new', ignored: 'x' });
    const before = snapshot(fixture.repo);
    expect((await fixture.git.open('c1', fixture.repo)).notices).toEqual(['2 uncommitted changes are not part of this run.']);
    expect(snapshot(fixture.root)).not.toHaveProperty('executed');
    expect(snapshot(fixture.repo)).toEqual(before);
    naiveGit(fixture.repo, 'status'); // the naive way does run them
    expect(snapshot(fixture.root)).toHaveProperty('executed');
  });

  it('works with a bare repository', async () => {
    const bare = join(fixture.root, 'bare.git');
    naiveGit(fixture.root, 'clone', '-q', '--bare', fixture.repo, bare);
    const opened = await fixture.git.open('c1', bare);
    expect(opened).toMatchObject({ repositoryName: 'bare', branch: 'main', notices: [] });
    const { sha } = await fixture.git.commitFiles('c1', opened.repositoryId, [{ path: 'x.txt', content: 'x' }], text('x'));
    expect(await fixture.git.publish(opened.repositoryId, sha, 'cascade/1-x')).toEqual({ branch: 'cascade/1-x', sha });
    expect(naiveGit(bare, 'show', 'refs/heads/cascade/1-x:x.txt')).toBe('x');
  });

  it('names what is wrong with an address', async () => {
    const empty = join(fixture.root, 'empty');
    mkdirSync(empty);
    await expect(fixture.git.open('c1', join(fixture.root, 'none'))).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_NOT_FOUND' });
    await expect(fixture.git.open('c1', empty)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_NOT_A_REPOSITORY' });
    naiveGit(empty, 'init', '-q');
    await expect(fixture.git.open('c1', empty)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_EMPTY', message: 'The repository empty has no commit yet.' });
    await expect(fixture.git.open('c1', 'ext::sh -c true')).rejects.toMatchObject({ code: 'CASC_REPOSITORY_UNSUPPORTED' });
    await expect(fixture.git.open('c1', 'git://example.org/x')).rejects.toMatchObject({ code: 'CASC_REPOSITORY_UNSUPPORTED' });
    await expect(fixture.git.open('c1', 'https://127.0.0.1:1/x.git')).rejects.toMatchObject({ kind: 'retryable', code: 'CASC_REPOSITORY_UNREACHABLE' });
  });

  it('keeps the password of an address out of the message', async () => {
    await expect(fixture.git.open('c1', 'https://me:geheim@example.org/x.git')).rejects.toMatchObject({ code: 'CASC_REPOSITORY_HAS_CREDENTIALS', message: expect.not.stringContaining('geheim') });
  });

  it('lists up to ten branches when the branch is missing', async () => {
    for (let index = 0; index < 12; index += 1) naiveGit(fixture.repo, 'branch', `b${String(index).padStart(2, '0')}`);
    await expect(fixture.git.open('c1', fixture.repo, 'nope')).rejects.toMatchObject({
      kind: 'terminal', code: 'CASC_BRANCH_NOT_FOUND', message: 'The repository has no branch "nope".',
      advice: 'Name one of its branches: b00, b01, b02, b03, b04, b05, b06, b07, b08, b09 and 3 more.',
    });
  });

  it('names a detached HEAD', async () => {
    naiveGit(fixture.repo, 'checkout', '-q', '--detach');
    naiveGit(fixture.repo, 'branch', '-m', 'main', 'trunk');
    await expect(fixture.git.open('c1', fixture.repo)).rejects.toMatchObject({ code: 'CASC_BRANCH_NOT_FOUND', message: 'No branch is checked out in the repository.' });
  });

  it('refuses a git that is too old, and one that is missing', async () => {
    const old = join(fixture.root, 'old-git');
    writeFileSync(old, '#!/bin/sh\necho git version 2.30.2\n');
    chmodSync(old, 0o755);
    await expect(new GitRepositories(fixture.places, old).open('c1', fixture.repo)).rejects.toMatchObject({ code: 'CASC_GIT_TOO_OLD', message: expect.stringContaining('git version 2.30.2') });
    await expect(new GitRepositories(fixture.places, join(fixture.root, 'no-git')).open('c1', fixture.repo)).rejects.toMatchObject({ code: 'CASC_GIT_MISSING' });
  });

  it('counts epics from documents, specifications and branches', async () => {
    commitAll(fixture.repo, { 'docs/prd/epic-3-cart.md': 'x', 'specs/004-cart/spec.md': 'x' });
    expect((await fixture.git.open('c1', fixture.repo)).nextEpicId).toBe(5);
    naiveGit(fixture.repo, 'branch', 'cascade/7-search');
    expect((await fixture.git.open('c2', fixture.repo)).nextEpicId).toBe(8);
  });
});

describe('readFiles', () => {
  it('lists all and reads some, within its bound', async () => {
    commitAll(fixture.repo, { 'big.txt': 'x'.repeat(2000), 'image.png': 'a\0b', 'ünï/ö.txt': 'é\n' });
    const { repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo);
    const read = await fixture.git.readFiles(repositoryId, baseSha, ['ünï/ö.txt', 'big.txt', 'image.png', 'no.txt', 'README.md'], 1000);
    expect(read.entries.map(({ path }) => path)).toEqual(['README.md', 'big.txt', 'image.png', 'src/a.js', 'ünï/ö.txt']);
    expect(read.files).toEqual([{ path: 'ünï/ö.txt', text: 'é\n' }, { path: 'README.md', text: 'hello\n' }]);
    expect(read.omitted).toEqual([{ path: 'big.txt', reason: 'too-large' }, { path: 'no.txt', reason: 'missing' }, { path: 'image.png', reason: 'binary' }]);
  });

  it('names a commit or a repository that is not there', async () => {
    const { repositoryId } = await fixture.git.open('c1', fixture.repo);
    await expect(fixture.git.readFiles(repositoryId, 'a'.repeat(40), [], 10)).rejects.toMatchObject({ code: 'CASC_COMMIT_NOT_FOUND' });
    await expect(fixture.git.readFiles('other-1', 'a'.repeat(40), [], 10)).rejects.toMatchObject({ code: 'CASC_REPOSITORY_NOT_OPEN' });
  });
});

describe('commitFiles', () => {
  it('commits onto the integration branch with trailers, and once only', async () => {
    const { repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo);
    const change = [{ path: 'docs/a.md', content: 'A\n' }, { path: 'README.md', content: null }];
    const message = { subject: 'docs: add\nEvil: x', body: 'Why.\n\nNot-A-Trailer: y', trailers: [{ name: 'Cascade-Id', value: 'c1\nEvil: z' }, { name: 'Task', value: 'T001' }] };
    const first = await fixture.git.commitFiles('c1', repositoryId, change, message);
    expect(first.changed).toEqual(['README.md', 'docs/a.md']);
    expect(await fixture.git.commitFiles('c1', repositoryId, change, message)).toEqual(first);
    expect(await fixture.git.integrationTip('c1', repositoryId)).toBe(first.sha);
    const cache = join(fixture.places.cache, 'repositories', `${repositoryId}.git`);
    expect(naiveGit(cache, 'log', '-1', '--format=%an <%ae>|%cn <%ce>|%s|%(trailers:only,separator=%x3B)|%P', first.sha)).toBe(`Cascade <cascade@localhost>|Cascade <cascade@localhost>|docs: add Evil: x|Cascade-Id: c1 Evil: z;Task: T001|${baseSha}`);
  });

  it('loses nothing when eight commit at once from two processes\' views', async () => {
    const { repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo);
    const other = new GitRepositories(fixture.places);
    const commits = await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? fixture.git : other).commitFiles('c1', repositoryId, [{ path: `f${index}.txt`, content: `${index}` }], text(`f${index}`))));
    expect(new Set(commits.map(({ sha }) => sha)).size).toBe(8);
    const tip = await fixture.git.integrationTip('c1', repositoryId);
    const { entries } = await fixture.git.readFiles(repositoryId, tip, [], 1);
    expect(entries.filter(({ path }) => /^f\d/.test(path))).toHaveLength(8);
    const cache = join(fixture.places.cache, 'repositories', `${repositoryId}.git`);
    expect(naiveGit(cache, 'rev-list', '--count', `${baseSha}..${tip}`)).toBe('8');
  });

  it('refuses paths that git or a file system would read differently', async () => {
    const { repositoryId } = await fixture.git.open('c1', fixture.repo);
    for (const path of ['../x', '.git/config', 'a/.GIT/x', 'git~1/x', '/abs', 'a//b', '.g\u200cit/c', '.gitattributes', 'sub/.gitmodules', 'src/a.js/below']) {
      await expect(fixture.git.commitFiles('c1', repositoryId, [{ path, content: 'x' }], text('x'))).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_COMMIT_REFUSED' });
    }
  });
});
