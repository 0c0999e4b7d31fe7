import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { makeFixture, naiveGit, snapshot, text, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
let repositoryId: string;
let baseSha: string;
const cacheOf = (): string => join(fixture.places.cache, 'repositories', `${repositoryId}.git`);

async function commitTask(key: string, files: Record<string, string>, base = baseSha): Promise<string> {
  const workspace = await fixture.git.workspaces.open('c1', repositoryId, key, base);
  writeFiles(workspace.path, files);
  return (await fixture.git.workspaces.commit('c1', workspace.workspaceId, Object.keys(files), text(key))).sha;
}

/** What the merge queue does, without the tests between merge and move. */
async function integrate(commit: string): Promise<string> {
  for (;;) {
    const tip = await fixture.git.integrationTip('c1', repositoryId);
    const merged = await fixture.git.merge(repositoryId, tip, commit, text('Merge'));
    if (merged.kind !== 'merged') return merged.kind;
    if (await fixture.git.advance('c1', repositoryId, merged.candidate, tip)) return merged.candidate;
  }
}

beforeEach(async () => {
  fixture = makeFixture({ 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' });
  ({ repositoryId, baseSha } = await fixture.git.open('c1', fixture.repo));
});
afterEach(async () => { await fixture.remove(); });

describe('merge', () => {
  it('moves forward to a commit that descends from the tip, and knows it afterwards', async () => {
    const commit = await commitTask('T1', { 'n.txt': 'n' });
    expect(await fixture.git.merge(repositoryId, baseSha, commit, text('Merge'))).toEqual({ kind: 'merged', candidate: commit });
    expect(await fixture.git.advance('c1', repositoryId, commit, baseSha)).toBe(true);
    expect(await fixture.git.merge(repositoryId, commit, commit, text('Merge'))).toEqual({ kind: 'contained' });
    expect(await fixture.git.merge(repositoryId, commit, baseSha, text('Merge'))).toEqual({ kind: 'contained' });
  });

  it('merges changes of one file in different places into a commit with both parents', async () => {
    const [one, two] = [await commitTask('T1', { 'a.txt': 'ONE\ntwo\nthree\n' }), await commitTask('T2', { 'a.txt': 'one\ntwo\nTHREE\n', 'b.txt': 'B\n' })];
    await integrate(one);
    const tip = await integrate(two);
    expect((await fixture.git.readFiles(repositoryId, tip, ['a.txt', 'b.txt'], 100)).files.map((file) => file.text)).toEqual(['ONE\ntwo\nTHREE\n', 'B\n']);
    expect(naiveGit(cacheOf(), 'log', '-1', '--format=%P|%an|%(trailers:key=Cascade-Id,valueonly)', tip).trim()).toBe(`${one} ${two}|Cascade|c1`);
  });

  it('reports conflicts with their paths, alike in every run, and moves nothing', async () => {
    const [one, two] = [await commitTask('T1', { 'a.txt': 'ONE\n', 'b.txt': 'x\n' }), await commitTask('T2', { 'a.txt': 'UNO\n', 'b.txt': 'y\n', 'c.txt': 'c' })];
    await integrate(one);
    const conflict = await fixture.git.merge(repositoryId, one, two, text('Merge'));
    expect(conflict).toEqual({ kind: 'conflict', paths: ['a.txt', 'b.txt'], output: 'CONFLICT (contents): a.txt\nCONFLICT (contents): b.txt' });
    expect(await fixture.git.integrationTip('c1', repositoryId)).toBe(one);
  });

  it('does not move a tip that is elsewhere', async () => {
    const [one, two] = [await commitTask('T1', { 'x.txt': '1' }), await commitTask('T2', { 'y.txt': '2' })];
    expect(await fixture.git.advance('c1', repositoryId, one, baseSha)).toBe(true);
    expect(await fixture.git.advance('c1', repositoryId, two, baseSha)).toBe(false);
    expect(await fixture.git.integrationTip('c1', repositoryId)).toBe(one);
  });

  it('integrates eight commits at once and loses none', async () => {
    const before = snapshot(fixture.repo);
    const commits = await Promise.all(Array.from({ length: 8 }, (_, index) => commitTask(`T${index}`, { [`f${index}.txt`]: `${index}` })));
    await Promise.all(commits.map(integrate));
    const tip = await fixture.git.integrationTip('c1', repositoryId);
    for (const commit of commits) expect(await fixture.git.contains(repositoryId, tip, commit)).toBe(true);
    const { entries } = await fixture.git.readFiles(repositoryId, tip, [], 1);
    expect(entries.map(({ path }) => path)).toEqual(['a.txt', 'b.txt', ...commits.map((_, index) => `f${index}.txt`)]);
    expect(naiveGit(cacheOf(), 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(snapshot(fixture.repo)).toEqual(before);
  });
});
