import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GitRepositories } from './git-repositories.js';
import type { StoryBranch, StoryChange } from './story-stack.js';
import { useFakeBut } from './testing/fake-path.js';
import { makeFixture, naiveGit, writeFiles, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
let fake: ReturnType<typeof useFakeBut> | undefined;
let git: GitRepositories;
let repositoryId: string;
let tip: string;

const cache = (): string => join(fixture.places.cache, 'repositories', `${repositoryId}.git`);
const bare = (...args: string[]): string => naiveGit(cache(), '--git-dir', cache(), ...args);
const branch = (task: string): string => `cascade/1-shop-story-1-1-${task.toLowerCase()}`;

/** One unit as tier 3 does it: a commit for its tests, one for its code, merged into the integration branch. */
async function unit(task: string, base: string, files: Readonly<Record<string, string>>, dependsOn: readonly string[] = []): Promise<StoryChange> {
  const { workspaceId, path } = await git.workspaces.open('c1', repositoryId, task, base);
  const commit = async (id: string, some: Readonly<Record<string, string>>): Promise<string> => {
    writeFiles(path, some);
    return (await git.workspaces.commit('c1', workspaceId, Object.keys(some), { subject: `feat: ${id}`, body: '', trailers: [{ name: 'Cascade-Id', value: 'c1' }, { name: 'Task', value: id }] })).sha;
  };
  await commit(`${task}t`, { [`test/${task}.txt`]: 'test\n' });
  const sha = await commit(task, files);
  const merged = await git.merge(repositoryId, tip, sha, { subject: `Merge task ${task}`, body: '', trailers: [{ name: 'Task', value: task }] });
  if (merged.kind !== 'merged') throw new RangeError(`${task} does not merge`);
  await git.advance('c1', repositoryId, merged.candidate, tip);
  tip = merged.candidate;
  return { branch: branch(task), tasks: [`${task}t`, task], commit: sha, dependsOn: dependsOn.map(branch) };
}

const spread = (changes: readonly StoryChange[]): Promise<StoryBranch[]> => git.workspaces.spreadStory('c1', repositoryId, 'story/1.1', changes);
const shape = (branches: readonly StoryBranch[]): string[] => branches.map((one) => `${one.branch.slice(-4)} on ${one.above?.slice(-4) ?? 'base'}`);
const log = (one: StoryBranch): string => bare('log', '--format=%s', `${one.sha}`, '--not', fixtureBase);
let fixtureBase: string;

describe.each([['git worktrees', undefined], ['GitButler', '0.22.3']])('a story, spread by %s', (_name, version) => {
  beforeEach(async () => {
    fake = version === undefined ? undefined : useFakeBut(version);
    fixture = makeFixture({ 'a.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
    git = new GitRepositories({ ...fixture.places, driver: 'auto' });
    const opened = await git.open('c1', fixture.repo);
    ({ repositoryId, baseSha: tip } = opened);
    fixtureBase = tip;
  });
  afterEach(async () => {
    await git.workspaces.settled();
    await fixture.remove();
    fake?.restore();
  });

  it('has a branch for each unit, and a stack where one depends on another', async () => {
    const base = tip;
    const first = await unit('T002', base, { 'a.txt': 'one\ntwo\nthree\nfour\nfive\n6\n' });
    const beside = await unit('T004', base, { 'b.txt': 'beside\n' });
    const second = await unit('T006', tip, { 'a.txt': 'one\ntwo\nthree\nfour\n5\n6\n' }, ['T002']);
    const branches = await spread([first, beside, second]);
    expect(shape(branches)).toEqual(['t002 on base', 't004 on base', 't006 on t002']);
    expect(branches.map(log)).toEqual(['feat: T002\nfeat: T002t', 'feat: T004\nfeat: T004t', 'feat: T006\nfeat: T006t\nfeat: T002\nfeat: T002t']);
    expect(bare('show', `${branches[2]?.sha ?? ''}:b.txt`)).toBe('b');
    expect(bare('log', '-1', '--format=%(trailers:key=Task,valueonly)', branches[2]?.sha ?? '').trim()).toBe('T006');
    expect(bare('for-each-ref', '--format=%(refname)', 'refs/cascade/c1/branches').split('\n')).toHaveLength(3);
    expect(readdirSync(fixture.places.workspaces).filter((name) => name.startsWith('ws-'))).toHaveLength(3); // the units'
    expect((await git.workspaces.storyDriver()).line).toBe(version === undefined ? 'git worktrees, because there is no `but` on PATH' : 'but 0.22.3');
  });

  it('is one stack where units build on each other\'s lines, though nobody said so, or on two others', async () => {
    const base = tip;
    const first = await unit('T002', base, { 'a.txt': 'one\n2\nthree\nfour\nfive\nsix\n' });
    const second = await unit('T004', tip, { 'a.txt': 'one\n2\n3\nfour\nfive\nsix\n' });
    const third = await unit('T006', base, { 'b.txt': 'beside\n' });
    const fourth = await unit('T008', tip, { 'c.txt': 'both\n' }, ['T004', 'T006']);
    const branches = await spread([first, second, third, fourth]);
    expect(shape(branches)).toEqual(['t002 on base', 't004 on t002', 't006 on t004', 't008 on t006']);
  });

  it('is the same when it is asked for again, and goes with the cascade', async () => {
    const change = await unit('T002', tip, { 'a.txt': 'x\n' });
    const trees = async (): Promise<string[]> => (await spread([change])).map(({ sha }) => bare('rev-parse', `${sha}^{tree}`));
    expect(await trees()).toEqual(await trees());
    expect(await git.workspaces.cleanUp('c1')).toMatchObject({ workspaces: 1 });
    expect(bare('for-each-ref', 'refs/cascade')).toBe('');
  });
});

describe('the choice', () => {
  it.each([['0.21.2', 'git worktrees, because but 0.21.2 is older than 0.22'], ['nightly', 'git worktrees, because `but --version` is not understood']])('falls back to worktrees for `but` %s, and says so', async (version, line) => {
    fake = useFakeBut(version);
    fixture = makeFixture();
    git = new GitRepositories({ ...fixture.places, driver: 'gitbutler' });
    expect((await git.workspaces.storyDriver()).line).toBe(line);
    await fixture.remove();
    fake.restore();
  });
});
