import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, renameSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { commitAll, makeFixture, naiveGit, snapshot, text, writeFiles, type Fixture } from './testing/git-fixture.js';
import { serveGit, type GitServer } from './testing/git-server.js';

let fixture: Fixture;
let repositoryId: string;
let sha: string;

async function commitResult(cascadeId: string, address: string, content: string): Promise<string> {
  ({ repositoryId } = await fixture.git.open(cascadeId, address));
  return (await fixture.git.commitFiles(cascadeId, repositoryId, [{ path: 'result.txt', content }], text(content))).sha;
}

/** All files of the repository except what publishing is for: new objects and new branches below cascade/. */
function rest(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot(folder)).filter(([path]) => !/^\.git\/(objects\/|(logs\/)?refs\/heads\/cascade\/)/.test(path)));
}

describe('into a local repository', () => {
  beforeEach(async () => {
    fixture = makeFixture();
    sha = await commitResult('c1', fixture.repo, 'one');
  });
  afterEach(async () => { await fixture.remove(); });

  it('creates the branch and touches nothing else, dirty and staged files included', async () => {
    writeFiles(fixture.repo, { 'src/a.js': 'dirty\n', 'staged.txt': 'staged', 'untracked.txt': 'x' });
    naiveGit(fixture.repo, 'add', 'staged.txt');
    const hook = join(fixture.repo, '.git/hooks/reference-transaction');
    mkdirSync(join(fixture.repo, '.git/hooks'), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch ${fixture.root}/hook-ran\n`);
    chmodSync(hook, 0o755);
    const status = naiveGit(fixture.repo, 'status', '--porcelain=v2', '--branch');
    const before = rest(fixture.repo);
    expect(await fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).toEqual({ branch: 'cascade/1-shop', sha });
    expect(rest(fixture.repo)).toEqual(before);
    expect(existsSync(join(fixture.root, 'hook-ran'))).toBe(false);
    expect(naiveGit(fixture.repo, 'status', '--porcelain=v2', '--branch')).toBe(status);
    expect(naiveGit(fixture.repo, 'show', 'cascade/1-shop:result.txt')).toBe('one');
    naiveGit(fixture.repo, 'fsck', '--strict');
  });

  it('gives the same branch when it is repeated, and the next name for another commit', async () => {
    expect((await fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).branch).toBe('cascade/1-shop');
    const other = await commitResult('c2', fixture.repo, 'two');
    expect((await fixture.git.publish(repositoryId, other, 'cascade/1-shop')).branch).toBe('cascade/1-shop-2');
    expect((await fixture.git.publish(repositoryId, other, 'cascade/1-shop')).branch).toBe('cascade/1-shop-2');
    expect((await fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).branch).toBe('cascade/1-shop');
    expect(naiveGit(fixture.repo, 'rev-parse', 'cascade/1-shop', 'cascade/1-shop-2').split('\n')).toEqual([sha, other]);
  });

  it('never moves a branch of that name that is checked out elsewhere', async () => {
    naiveGit(fixture.repo, 'checkout', '-q', '-b', 'cascade/1-shop');
    const mine = commitAll(fixture.repo, { 'mine.txt': 'mine' });
    naiveGit(fixture.repo, 'worktree', 'add', '-q', '-b', 'cascade/1-shop-2', join(fixture.root, 'elsewhere'), 'main');
    const before = snapshot(join(fixture.root, 'elsewhere'));
    expect((await fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).branch).toBe('cascade/1-shop-3');
    expect(naiveGit(fixture.repo, 'rev-parse', 'HEAD')).toBe(mine);
    expect(naiveGit(fixture.repo, 'status', '--porcelain')).toBe('');
    expect(snapshot(join(fixture.root, 'elsewhere'))).toEqual(before);
  });

  it('names a branch that is in the way, and a name that is taken too often', async () => {
    naiveGit(fixture.repo, 'branch', 'cascade');
    await expect(fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_BRANCH_BLOCKED' });
    naiveGit(fixture.repo, 'branch', '-m', 'cascade', 'renamed');
    for (let index = 1; index <= 20; index += 1) naiveGit(fixture.repo, 'branch', index === 1 ? 'cascade/1-shop' : `cascade/1-shop-${index}`);
    await expect(fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_BRANCH_EXISTS' });
  });

  it('publishes twice at once as one branch', async () => {
    const [a, b] = await Promise.all([fixture.git.publish(repositoryId, sha, 'cascade/1-shop'), fixture.git.publish(repositoryId, sha, 'cascade/1-shop')]);
    expect(a).toEqual(b);
  });

  it('is withdrawn when nobody made it theirs, under whatever name it got', async () => {
    naiveGit(fixture.repo, 'branch', 'cascade/1-shop');
    await fixture.git.publish(repositoryId, sha, 'cascade/1-shop');
    expect(await fixture.git.withdraw(repositoryId, sha, 'cascade/1-shop')).toBe(true);
    expect(await fixture.git.withdraw(repositoryId, sha, 'cascade/1-shop')).toBe(false);
    expect(naiveGit(fixture.repo, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe('cascade/1-shop\nmain');
  });

  it.each([
    ['is checked out', (name: string) => naiveGit(fixture.repo, 'checkout', '-q', name)],
    ['is checked out in another worktree', (name: string) => naiveGit(fixture.repo, 'worktree', 'add', '-q', join(fixture.root, 'elsewhere'), name)],
    ['was merged', (name: string) => naiveGit(fixture.repo, 'merge', '-q', '--no-ff', '-m', 'merge', name)],
    ['has a commit on top', (name: string) => {
      naiveGit(fixture.repo, 'checkout', '-q', name);
      commitAll(fixture.repo, { 'mine.txt': 'mine' });
      naiveGit(fixture.repo, 'checkout', '-q', 'main');
    }],
  ])('is not withdrawn when it %s', async (_what, use) => {
    const { branch } = await fixture.git.publish(repositoryId, sha, 'cascade/1-shop');
    use(branch);
    const before = naiveGit(fixture.repo, 'rev-parse', branch);
    expect(await fixture.git.withdraw(repositoryId, sha, 'cascade/1-shop')).toBe(false);
    expect(naiveGit(fixture.repo, 'rev-parse', branch)).toBe(before);
  });

  it('has nothing to withdraw from a repository that is gone', async () => {
    await fixture.git.publish(repositoryId, sha, 'cascade/1-shop');
    renameSync(fixture.repo, `${fixture.repo}-moved`);
    expect(await fixture.git.withdraw(repositoryId, sha, 'cascade/1-shop')).toBe(false);
  });

  it('leaves no branch when it is ended in the middle', async () => {
    const controller = new AbortController();
    const publishing = fixture.git.publish(repositoryId, sha, 'cascade/1-shop', controller.signal);
    setImmediate(() => controller.abort());
    await expect(publishing).rejects.toMatchObject({ kind: 'cancelled' });
    expect(naiveGit(fixture.repo, 'for-each-ref', 'refs/heads/cascade')).toBe('');
  });
});

describe('to a remote', () => {
  let server: GitServer;
  let address: string;
  beforeEach(async () => {
    fixture = makeFixture();
    naiveGit(fixture.root, 'clone', '-q', '--bare', fixture.repo, join(fixture.root, 'shop.git'));
    naiveGit(join(fixture.root, 'shop.git'), 'config', 'http.receivepack', 'true');
    server = await serveGit(fixture.root);
    address = `${server.url}/shop.git`;
    sha = await commitResult('c1', address, 'one');
  });
  afterEach(async () => {
    await server.close();
    await fixture.remove();
  });

  it('pushes a new branch, idempotently, and takes the next name for another commit', async () => {
    expect(await fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).toEqual({ branch: 'cascade/1-shop', sha });
    expect(await fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).toEqual({ branch: 'cascade/1-shop', sha });
    const other = await commitResult('c2', address, 'two');
    expect((await fixture.git.publish(repositoryId, other, 'cascade/1-shop')).branch).toBe('cascade/1-shop-2');
    expect(naiveGit(join(fixture.root, 'shop.git'), 'rev-parse', 'cascade/1-shop', 'cascade/1-shop-2').split('\n')).toEqual([sha, other]);
  });

  it('withdraws a branch that nobody moved', async () => {
    const remote = join(fixture.root, 'shop.git');
    await fixture.git.publish(repositoryId, sha, 'cascade/1-shop');
    expect(await fixture.git.withdraw(repositoryId, sha, 'cascade/1-shop')).toBe(true);
    expect(naiveGit(remote, 'branch', '--list', 'cascade/*')).toBe('');
    await fixture.git.publish(repositoryId, sha, 'cascade/1-shop');
    naiveGit(remote, 'branch', '-f', 'cascade/1-shop', 'main');
    expect(await fixture.git.withdraw(repositoryId, sha, 'cascade/1-shop')).toBe(false);
  });

  it('says when the server refuses the branch', async () => {
    const hook = join(fixture.root, 'shop.git/hooks/pre-receive');
    mkdirSync(join(fixture.root, 'shop.git/hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho protected >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    await expect(fixture.git.publish(repositoryId, sha, 'cascade/1-shop')).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_PUSH_REFUSED' });
  });

  it('names a missing remote repository and a refused access', async () => {
    await expect(fixture.git.open('c3', `${server.url}/none.git`)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_NOT_FOUND' });
    server.refuse(401);
    await expect(fixture.git.open('c3', address)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_ACCESS_DENIED' });
    server.refuse(503);
    await expect(fixture.git.open('c3', address)).rejects.toMatchObject({ kind: 'retryable', code: 'CASC_REPOSITORY_UNREACHABLE' });
  });
});
