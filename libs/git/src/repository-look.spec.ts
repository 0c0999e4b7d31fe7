import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { lookAtRepository } from './repository-look.js';
import { commitAll, makeFixture, naiveGit, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
beforeEach(() => { fixture = makeFixture(); });
afterEach(async () => { await fixture.remove(); });

const head = (): string => naiveGit(fixture.repo, 'rev-parse', 'HEAD');

describe('lookAtRepository', () => {
  it('knows a repository by the same id as the cache, and where its branch stands', async () => {
    const look = await lookAtRepository(join(fixture.repo, 'src'));
    expect(look).toMatchObject({ repositoryId: (await fixture.git.listTree(fixture.repo, {})).repositoryId, branch: 'main' });
    expect(await look.tipOf('main')).toBe(head());
    commitAll(fixture.repo, { 'b.js': 'b' });
    expect(await look.tipOf('main')).toBe(head());
  });

  it('reads packed branches, and newer loose ones before them', async () => {
    naiveGit(fixture.repo, 'branch', 'feature/x');
    const packed = head();
    naiveGit(fixture.repo, 'pack-refs', '--all');
    const look = await lookAtRepository(fixture.repo);
    expect([await look.tipOf('main'), await look.tipOf('feature/x')]).toEqual([packed, packed]);
    commitAll(fixture.repo, { 'b.js': 'b' });
    expect([await look.tipOf('main'), await look.tipOf('feature/x')]).toEqual([head(), packed]);
  });

  it('says nothing of what is no branch, and of remote repositories', async () => {
    const look = await lookAtRepository(fixture.repo);
    for (const branch of ['none', '../../HEAD', 'a/../../../HEAD', '', 'x\ny']) expect(await look.tipOf(branch)).toBeUndefined();
    const remote = await lookAtRepository('https://example.com/me/shop.git');
    expect(remote).toMatchObject({ repositoryId: expect.stringMatching(/^shop-/), branch: undefined });
    expect(await remote.tipOf('main')).toBeUndefined();
    await expect(lookAtRepository(join(fixture.root, 'gone'))).rejects.toMatchObject({ code: 'CASC_REPOSITORY_NOT_FOUND' });
  });
});
