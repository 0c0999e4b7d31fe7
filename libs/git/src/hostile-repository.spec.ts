import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { commitAll, makeFixture, naiveGit, text, writeFiles, type Fixture } from './testing/git-fixture.js';

/**
 * Attacks by a repository or by who works in a workspace. `executed` is a file that the attack makes; where it is cheap,
 * a naive git shows that the attack works at all.
 */
let fixture: Fixture;
let executed: string;
let repositoryId: string;
let baseSha: string;

beforeEach(async () => {
  fixture = makeFixture();
  executed = join(fixture.root, 'executed');
  ({ repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo));
});
afterEach(async () => { await fixture.remove(); });

const open = async (): Promise<{ path: string; workspaceId: string }> => await fixture.git.workspaces.open('c1', repositoryId, 'T001', baseSha);
const commit = async (workspaceId: string, ...paths: string[]): Promise<string[]> => (await fixture.git.workspaces.commit('c1', workspaceId, paths, text('x'))).changed;

function ranNaively(...call: [folder: string, ...args: string[]]): boolean {
  rmSync(executed, { force: true });
  try {
    naiveGit(...call);
  } catch { /* the attack counts, not the call */ }
  const ran = existsSync(executed);
  rmSync(executed, { force: true });
  return ran;
}

/** A repository whose configuration runs a program on everything. */
function evilGitDir(folder: string): void {
  naiveGit(fixture.root, 'init', '-q', folder);
  for (const [key, value] of [['core.fsmonitor', `touch ${executed}`], ['filter.evil.clean', `touch ${executed}; cat`], ['filter.evil.smudge', `touch ${executed}; cat`], ['core.sshCommand', `touch ${executed}`], ['diff.external', `touch ${executed}`]] as const) {
    naiveGit(folder, 'config', key, value);
  }
}

describe('who works in a workspace', () => {
  it('points .git at a configuration of their own', async () => {
    const { path, workspaceId } = await open();
    evilGitDir(join(fixture.root, 'evil'));
    writeFileSync(join(path, '.git'), `gitdir: ${join(fixture.root, 'evil/.git')}\n`);
    writeFiles(path, { '.gitattributes': '* filter=evil\n', 'src/a.js': 'two\n' });
    expect(ranNaively(path, 'add', 'src/a.js')).toBe(true);
    expect(await commit(workspaceId, 'src/a.js')).toEqual(['src/a.js']);
    await open();
    expect(existsSync(executed)).toBe(false);
  });

  it('puts a repository in place of .git', async () => {
    const { path, workspaceId } = await open();
    rmSync(join(path, '.git'));
    evilGitDir(path);
    writeFiles(path, { '.gitattributes': '* filter=evil\n', 'src/a.js': 'two\n' });
    expect(ranNaively(path, 'add', 'src/a.js')).toBe(true);
    expect(await commit(workspaceId, 'src/a.js')).toEqual(['src/a.js']);
    expect(await fixture.git.workspaces.close('c1', workspaceId)).toBe(true);
    expect(existsSync(executed)).toBe(false);
  });

  it('hides a repository below', async () => {
    const { path, workspaceId } = await open();
    naiveGit(path, 'init', '-q', join(path, 'src/nested'));
    writeFiles(path, { 'src/nested/x.js': 'x' });
    await expect(commit(workspaceId, 'src/nested/x.js')).rejects.toMatchObject({ code: 'CASC_COMMIT_REFUSED', findings: ['"src/nested/x.js" is inside a nested git repository'] });
    await expect(commit(workspaceId, 'src/nested')).rejects.toMatchObject({ code: 'CASC_COMMIT_REFUSED', findings: ['"src/nested" is a folder; name its files'] });
  });

  it('leads out of the workspace by links', async () => {
    const { path, workspaceId } = await open();
    writeFiles(fixture.root, { 'secret/key': 'geheim' });
    symlinkSync('/etc/passwd', join(path, 'absolute'));
    symlinkSync('../secret/key', join(path, 'relative'));
    symlinkSync(join(fixture.root, 'secret'), join(path, 'folder'));
    symlinkSync('folder/key', join(path, 'chained'));
    symlinkSync('.git/config', join(path, 'config'));
    await expect(commit(workspaceId, 'absolute', 'relative', 'folder/key', 'chained', 'config')).rejects.toMatchObject({ code: 'CASC_COMMIT_REFUSED', findings: [
      '"absolute" is a symbolic link out of the repository',
      '"chained" is a symbolic link that leads out of the repository',
      '"config" is a symbolic link to a place that git controls',
      '"folder/key" is below something that is not a folder',
      '"relative" is a symbolic link out of the repository',
    ] });
  });

  it('makes files that are too large, no files, or git\'s own', async () => {
    const { path, workspaceId } = await open();
    writeFiles(path, { 'big.bin': 'x'.repeat(5 * 1024 * 1024 + 1), '.gitattributes': 'x' });
    execFileSync('mkfifo', [join(path, 'pipe')]);
    await expect(commit(workspaceId, 'big.bin', 'pipe', '.gitattributes', '.git')).rejects.toMatchObject({ code: 'CASC_COMMIT_REFUSED', findings: [
      '".git" must not name git\'s own folder',
      '".gitattributes" must not name a file that controls git',
      '"big.bin" is larger than 5242880 bytes',
      '"pipe" is not a regular file',
    ] });
  });
});

describe('a repository', () => {
  it('brings hooks and commands in its configuration', async () => {
    const evil = join(fixture.root, 'evil');
    evilGitDir(evil);
    writeFiles(evil, { '.gitattributes': '* filter=evil diff=evil\n', 'a.txt': 'a' });
    naiveGit(evil, '-c', 'core.fsmonitor=false', 'add', '.');
    naiveGit(evil, 'commit', '-q', '-m', 'x');
    naiveGit(evil, 'config', 'uploadpack.packObjectsHook', `touch ${executed};`);
    for (const name of ['post-checkout', 'reference-transaction', 'post-update', 'pre-receive', 'post-index-change']) {
      writeFiles(evil, { [`.git/hooks/${name}`]: `#!/bin/sh\ntouch ${executed}\n` });
      chmodSync(join(evil, '.git/hooks', name), 0o755);
    }
    expect(ranNaively(evil, 'checkout', '-q', '-b', 'x')).toBe(true);
    rmSync(executed, { force: true });
    const opened = await fixture.git.open('c2', evil);
    await fixture.git.workspaces.open('c2', opened.repositoryId, 'T001', opened.baseSha);
    const { sha } = await fixture.git.commitFiles('c2', opened.repositoryId, [{ path: 'b.txt', content: 'b' }], text('b'));
    await fixture.git.publish(opened.repositoryId, sha, 'cascade/1-x');
    expect(existsSync(executed)).toBe(false);
  });

  it('is read through a user\'s set-up that runs programs', async () => {
    const template = join(fixture.root, 'template');
    writeFiles(template, { 'hooks/post-checkout': `#!/bin/sh\ntouch ${executed}\n` });
    chmodSync(join(template, 'hooks/post-checkout'), 0o755);
    const before = { ...process.env };
    Object.assign(process.env, { GIT_TEMPLATE_DIR: template, GIT_EXTERNAL_DIFF: `touch ${executed}`, GIT_SSH_COMMAND: `touch ${executed}`, GIT_DIR: join(fixture.root, 'nowhere'), GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: `touch ${executed}` });
    try {
      const other = makeFixture();
      const opened = await other.git.open('c1', fixture.repo);
      await other.git.workspaces.open('c1', opened.repositoryId, 'T001', opened.baseSha);
      await other.remove();
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    }
    expect(existsSync(executed)).toBe(false);
  });

  it('has a tree with .git inside', async () => {
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: fixture.repo, input: '[core]\nfsmonitor=evil\n', encoding: 'utf8' }).trim();
    const inner = execFileSync('git', ['mktree'], { cwd: fixture.repo, input: `100644 blob ${blob}\tconfig\n`, encoding: 'utf8' }).trim();
    const tree = execFileSync('git', ['mktree'], { cwd: fixture.repo, input: `040000 tree ${inner}\t.git\n`, encoding: 'utf8' }).trim();
    const sha = naiveGit(fixture.repo, 'commit-tree', tree, '-m', 'evil');
    naiveGit(fixture.repo, 'branch', 'evil', sha);
    const naive = join(fixture.root, 'naive.git');
    naiveGit(fixture.root, 'init', '-q', '--bare', naive);
    naiveGit(naive, 'fetch', '-q', fixture.repo, 'evil:evil'); // git takes it by default
    await expect(fixture.git.open('c2', fixture.repo, 'evil')).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_MALFORMED' });
  });

  it('has submodules and links out of itself: the checkout fetches nothing and follows nothing', async () => {
    naiveGit(fixture.repo, 'update-index', '--add', '--cacheinfo', `160000,${baseSha},sub`);
    symlinkSync('/etc', join(fixture.repo, 'etc'));
    const tip = commitAll(fixture.repo, { '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ${fixture.repo}\n` });
    await fixture.git.open('c2', fixture.repo);
    const { path, workspaceId } = await fixture.git.workspaces.open('c2', repositoryId, 'T001', tip);
    expect(existsSync(join(path, 'sub/README.md'))).toBe(false);
    const read = await fixture.git.readFiles(repositoryId, tip, ['etc', 'etc/passwd', 'sub'], 1_000_000);
    expect(read.omitted.map(({ reason }) => reason)).toEqual(['missing', 'missing', 'missing']);
    await expect(fixture.git.workspaces.commit('c2', workspaceId, ['etc/passwd'], text('x'))).rejects.toMatchObject({ code: 'CASC_COMMIT_REFUSED' });
  });

  it('belongs to another account, which the user named nevertheless', async () => {
    const foreign = join(fixture.root, 'foreign');
    naiveGit(fixture.root, 'clone', '-q', fixture.repo, foreign);
    mkdirSync(join(fixture.root, 'x'));
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '12345', foreign]); // only root can make the case
    expect((await fixture.git.open('c2', foreign)).baseSha).toBe(baseSha);
  });

  it('looks like an option or a helper', async () => {
    for (const address of ['--upload-pack=touch x', 'ext::touch x', 'fd::3', 'ssh://-oProxyCommand=touch/x', 'https://example.org/x?y=1#z', '-']) {
      await expect(fixture.git.open('c2', address)).rejects.toMatchObject({ kind: 'terminal' });
    }
    for (const branch of ['--output=x', 'main^{tree}', 'refs/../x', 'a..b']) {
      await expect(fixture.git.open('c2', fixture.repo, branch)).rejects.toMatchObject({ code: 'CASC_BRANCH_NOT_FOUND' });
    }
  });
});
