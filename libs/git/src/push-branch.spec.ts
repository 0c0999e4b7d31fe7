import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitRepositories } from './git-repositories.js';
import { commitAll, makeFixture, naiveGit, text, type Fixture } from './testing/git-fixture.js';
import { serveGit, type GitServer } from './testing/git-server.js';

const branch = 'cascade/1-shop';
let fixture: Fixture;
let server: GitServer;
let address: string;
let repositoryId: string;
let baseSha: string;
/** Three commits of the cascade, one after the other. */
let commits: [string, string, string];

const remote = (...args: string[]): string => naiveGit(join(fixture.root, 'shop.git'), ...args);
const at = (): string => remote('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`);
const push = (commit: string, previous?: string, more: { remote?: string } = {}): Promise<{ sha: string; moved: boolean }> => fixture.git.push('c1', repositoryId, { commit, branch, previous, ...more });

async function openCascade(cascadeId: string, where: string): Promise<[string, string, string]> {
  ({ repositoryId, baseSha } = await fixture.git.open(cascadeId, where));
  const shas: string[] = [];
  for (const content of ['one', 'two', 'three']) shas.push((await fixture.git.commitFiles(cascadeId, repositoryId, [{ path: 'result.txt', content: `${cascadeId} ${content}` }], text(content))).sha);
  return shas as [string, string, string];
}

/** What a person pushes onto the branch. */
function personPushes(onto: string): string {
  const clone = join(fixture.root, `person-${onto.slice(0, 8)}`);
  naiveGit(fixture.root, 'clone', '-q', join(fixture.root, 'shop.git'), clone);
  naiveGit(clone, 'checkout', '-q', '-B', branch, onto);
  const sha = commitAll(clone, { 'mine.txt': 'mine' }, 'mine');
  naiveGit(clone, 'push', '-q', '--force', 'origin', branch);
  return sha;
}

beforeEach(async () => {
  fixture = makeFixture();
  naiveGit(fixture.root, 'clone', '-q', '--bare', fixture.repo, join(fixture.root, 'shop.git'));
  remote('config', 'http.receivepack', 'true');
  server = await serveGit(fixture.root);
  address = `${server.url}/shop.git`;
  commits = await openCascade('c1', address);
});
afterEach(async () => {
  await server.close();
  await fixture.remove();
});

describe('a pushed branch', () => {
  it('is created, moved forward, and the same when the push is repeated or overtaken', async () => {
    const [one, two, three] = commits;
    expect(await push(one)).toMatchObject({ sha: one, moved: true });
    expect(await push(one)).toMatchObject({ sha: one, moved: false });
    expect(await push(two, one)).toMatchObject({ sha: two, moved: true });
    expect(await push(three, one)).toMatchObject({ sha: three, moved: true }); // the answer to the push of two was lost
    expect(await push(two, one)).toMatchObject({ sha: three, moved: false });
    expect(at()).toBe(three);
  });

  it('is known as the cascade\'s own when the answer to the very first push was lost', async () => {
    await push(commits[0]);
    expect(await push(commits[1])).toMatchObject({ sha: commits[1], moved: true });
  });

  it.each([
    ['a person\'s commit is on top', () => { personPushes(commits[0]); }],
    ['a person\'s commit took its place', () => { personPushes(baseSha); }],
    ['it was put back to where the cascade began', () => { remote('update-ref', `refs/heads/${branch}`, baseSha); }],
    ['it was deleted', () => { remote('update-ref', '-d', `refs/heads/${branch}`); }],
  ])('is left alone when %s', async (_what, change) => {
    await push(commits[0]);
    change();
    const before = at();
    await expect(push(commits[1], commits[0])).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_BRANCH_NOT_OURS' });
    expect(at()).toBe(before);
  });

  it('is left alone when its name was there before, also at the commit where the cascade began', async () => {
    remote('branch', branch, 'main');
    await expect(push(commits[0])).rejects.toMatchObject({ code: 'CASC_BRANCH_NOT_OURS' });
    expect(at()).toBe(baseSha);
  });

  it('ends at one of two pushes that race, and at a person\'s who is faster', async () => {
    const other = new GitRepositories(fixture.places);
    await push(commits[0]);
    const both = await Promise.all([push(commits[1], commits[0]), other.push('c1', repositoryId, { commit: commits[2], branch, previous: commits[0] })]);
    expect(both.map(({ sha }) => sha)).toContain(commits[2]);
    expect(at()).toBe(commits[2]);
    const mine = personPushes(commits[1]);
    await expect(push(commits[2], commits[1])).rejects.toMatchObject({ code: 'CASC_BRANCH_NOT_OURS' });
    expect(at()).toBe(mine);
  });

  it('is left alone when a person is faster in the very moment of the push', async () => {
    await push(commits[0]);
    const mine = personPushes(commits[0]);
    remote('update-ref', `refs/heads/${branch}`, commits[0]);
    // Between what the push was told of the branch and what it changes.
    const hook = join(fixture.root, 'shop.git/hooks/pre-receive');
    mkdirSync(join(fixture.root, 'shop.git/hooks'), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\nunset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\ngit update-ref refs/heads/${branch} ${mine}\n`, { mode: 0o755 });
    await expect(push(commits[1], commits[0])).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_BRANCH_NOT_OURS' });
    expect(at()).toBe(mine);
  });

  it('becomes the result under its own name, and is withdrawn while it is unfinished', async () => {
    await push(commits[0]);
    expect(await fixture.git.withdraw(repositoryId, commits[0], branch)).toBe(true);
    expect(at()).toBe('');
    await push(commits[1]);
    expect(await fixture.git.publish(repositoryId, commits[2], branch, undefined, 'c1')).toEqual({ branch, sha: commits[2] });
    expect(at()).toBe(commits[2]);
  });

  it('of another cascade is not the result\'s', async () => {
    await push(commits[1]);
    const [, , theirs] = await openCascade('c2', address);
    expect(await fixture.git.publish(repositoryId, theirs, branch, undefined, 'c2')).toEqual({ branch: `${branch}-2`, sha: theirs });
    expect(at()).toBe(commits[1]);
  });

  it('follows after the cascade\'s refs are gone, but only from where it was pushed to', async () => {
    await push(commits[0]);
    await fixture.git.workspaces.cleanUp('c1');
    await expect(push(commits[1])).rejects.toMatchObject({ code: 'CASC_BRANCH_NOT_OURS' });
    expect(await push(commits[1], commits[0])).toMatchObject({ sha: commits[1], moved: true });
  });
});

describe('a repository on this machine', () => {
  it('is pushed to the remote that it is linked to, and withdrawn there', async () => {
    const [one, two] = await openCascade('c1', fixture.repo);
    await expect(push(one)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_REPOSITORY_NOT_LINKED' });
    expect(await push(one, undefined, { remote: address })).toMatchObject({ sha: one, moved: true });
    expect(await push(two, one, { remote: address })).toMatchObject({ sha: two, moved: true });
    expect(naiveGit(fixture.repo, 'branch', '--list', 'cascade/*')).toBe('');
    expect(await fixture.git.withdraw(repositoryId, two, branch, undefined, address)).toBe(true);
    expect(at()).toBe('');
  });
});
