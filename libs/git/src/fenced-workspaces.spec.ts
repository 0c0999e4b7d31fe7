import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { makeFixture, naiveGit, text, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
let opened: Awaited<ReturnType<Fixture['git']['open']>>;

beforeEach(async () => {
  fixture = makeFixture();
  opened = await fixture.git.open('c1', fixture.repo);
});
afterEach(async () => { await fixture.remove(); });

const open = (fence: number): ReturnType<Fixture['git']['workspaces']['open']> => fixture.git.workspaces.open('c1', opened.repositoryId, 'T001', opened.baseSha, undefined, fence);

it('what a frozen worker writes late is in nothing that the worker after it commits, and goes with the task', async () => {
  const { workspaces } = fixture.git;
  const frozen = await open(1_800_000_000_000_000);
  writeFiles(frozen.path, { 'test/a.test.js': 'red\n' });
  const red = await workspaces.commit('c1', frozen.workspaceId, ['test/a.test.js'], text('red'));
  const next = await open(1_800_000_000_000_001);
  expect(next.path).not.toBe(frozen.path);
  writeFiles(frozen.path, { 'src/a.js': 'late\n' });
  writeFiles(next.path, { 'src/a.js': 'green\n' });
  const green = await workspaces.commit('c1', next.workspaceId, ['src/a.js'], text('green'));
  expect(naiveGit(fixture.repo, `--git-dir=${fixture.places.cache}/repositories/${opened.repositoryId}.git`, 'log', '--format=%H', `${opened.baseSha}..${green.sha}`).split('\n')).toEqual([green.sha, red.sha]);
  expect((await fixture.git.readFiles(opened.repositoryId, green.sha, ['src/a.js'], 100)).files[0]?.text).toBe('green\n');
  expect(await workspaces.closeTask('c1', frozen.workspaceId)).toBe(true);
  expect([existsSync(frozen.path), existsSync(next.path), await workspaces.closeByKey('c1', 'T001')]).toEqual([false, false, false]);
});

it('closes by key all that were opened with it, by fence only that one', async () => {
  const [first, second] = [await open(1), await open(2)];
  expect([await fixture.git.workspaces.closeByKey('c1', 'T001', 1), existsSync(first.path), existsSync(second.path)]).toEqual([true, false, true]);
  expect([await fixture.git.workspaces.closeByKey('c1', 'T001'), existsSync(second.path)]).toEqual([true, false]);
});
