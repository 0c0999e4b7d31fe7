import { lstat } from 'node:fs/promises';
import { ConformanceBench, refuses, same, startFiles, type DriverParts } from './conformance-bench.js';
import type { WorkspaceDriver } from './workspace-driver.js';

type Check = (bench: ConformanceBench) => Promise<void>;

/** What every workspace driver does, by name. Each check gets a bench of its own with an open workspace. */
export const conformanceChecks: Readonly<Record<string, Check>> = {
  'opens a clean checkout, whatever is there': async (bench) => {
    await bench.write({ 'a.txt': 'dirty', 'left/over.txt': 'x' });
    await bench.driver.createBranch(bench.place, 'cascade/old');
    await bench.driver.open(bench.place, bench.base, 'again');
    same([await bench.read('a.txt'), await bench.read('left/over.txt')], [startFiles['a.txt'], undefined], 'files');
    await bench.driver.createBranch(bench.place, 'cascade/old'); // free again
  },
  'begins a branch at the base, once': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    same(await bench.tipOf('cascade/x'), bench.base, 'tip');
    same(await bench.driver.createBranch(bench.place, 'cascade/x').then(() => 'made twice', () => 'refused'), 'refused', 'the second time');
  },
  'spreads what was edited together over branches': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.driver.createBranch(bench.place, 'cascade/y');
    await bench.write({ 'a.txt': 'x\n', 'b.txt': undefined, 'new/file.txt': 'y\n', 'nobody.txt': 'n\n' });
    await bench.driver.assign(bench.place, ['a.txt'], 'cascade/x');
    await bench.driver.assign(bench.place, ['b.txt', 'new/file.txt'], 'cascade/y');
    const [x, y] = [await bench.driver.commit(bench.place, 'cascade/x', 'for x\n'), await bench.driver.commit(bench.place, 'cascade/y', 'for y\n')];
    same([await bench.tipOf('cascade/x'), await bench.tipOf('cascade/y')], [x, y], 'tips');
    same([await bench.changesOf('cascade/x'), await bench.changesOf('cascade/y')], [{ 'a.txt': 'x\n' }, { 'b.txt': null, 'new/file.txt': 'y\n' }], 'changes');
    same([await bench.read('a.txt'), await bench.read('nobody.txt')], ['x\n', 'n\n'], 'files');
  },
  'commits again onto a branch, and nothing when nothing changed': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.commit('cascade/x', { 'a.txt': '1\n' }, 'first\n');
    const second = await bench.commit('cascade/x', { 'a.txt': '2\n' }, 'second\n');
    same(await bench.commit('cascade/x', { 'a.txt': '2\n' }, 'third\n'), second, 'commit of nothing');
    same(await bench.subjects('cascade/x'), ['second', 'first'], 'subjects');
  },
  'takes the last word about whose a change is': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.driver.createBranch(bench.place, 'cascade/y');
    await bench.driver.assign(bench.place, ['a.txt'], 'cascade/x');
    await bench.commit('cascade/y', { 'a.txt': 'y\n' });
    same([await bench.changesOf('cascade/x'), await bench.changesOf('cascade/y')], [{}, { 'a.txt': 'y\n' }], 'changes');
  },
  'stacks branches, and what stands on one follows it': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.commit('cascade/x', { 'a.txt': 'one\n2\nthree\n' });
    await bench.driver.createBranch(bench.place, 'cascade/y', 'cascade/x');
    await bench.commit('cascade/y', { 'a.txt': 'one\n2\n3\n' });
    await bench.commit('cascade/x', { 'b.txt': 'later\n' }, 'more of x\n');
    same(await bench.subjects('cascade/y'), ['change cascade/y', 'more of x', 'change cascade/x'], 'subjects');
    same(await bench.changesOf('cascade/y'), { 'a.txt': 'one\n2\n3\n', 'b.txt': 'later\n' }, 'changes');
  },
  'refuses changes that build on another branch, until theirs stands on it': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.commit('cascade/x', { 'a.txt': 'one\n2\nthree\n' });
    await bench.driver.createBranch(bench.place, 'cascade/y');
    await bench.write({ 'a.txt': 'one\n2 and 3\nthree\n' });
    await bench.driver.assign(bench.place, ['a.txt'], 'cascade/y');
    await refuses(bench.driver.commit(bench.place, 'cascade/y', 'y\n'), 'CASC_CHANGES_DEPEND', 'commit');
    same([await bench.tipOf('cascade/y'), await bench.read('a.txt')], [bench.base, 'one\n2 and 3\nthree\n'], 'after the refusal');
    await bench.driver.move(bench.place, 'cascade/y', 'cascade/x');
    await bench.driver.commit(bench.place, 'cascade/y', 'y\n');
    same(await bench.subjects('cascade/y'), ['y', 'change cascade/x'], 'subjects');
  },
  'moves a branch with its commits, but not away from what they build on': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.commit('cascade/x', { 'a.txt': 'one\n2\nthree\n' });
    await bench.driver.createBranch(bench.place, 'cascade/y');
    await bench.commit('cascade/y', { 'b.txt': 'y\n' });
    await bench.driver.move(bench.place, 'cascade/y', 'cascade/x');
    same(await bench.subjects('cascade/y'), ['change cascade/y', 'change cascade/x'], 'stacked');
    const tip = await bench.commit('cascade/y', { 'a.txt': 'one\n2 and 3\nthree\n' }, 'builds on x\n');
    await refuses(bench.driver.move(bench.place, 'cascade/y', undefined), 'CASC_CHANGES_DEPEND', 'moving it to the base');
    same(await bench.tipOf('cascade/y'), tip, 'tip after the refusal');
  },
  'takes the last change back, and the files stay': async (bench) => {
    await bench.driver.createBranch(bench.place, 'cascade/x');
    const first = await bench.commit('cascade/x', { 'a.txt': '1\n' });
    await bench.commit('cascade/x', { 'a.txt': '2\n' });
    await bench.driver.undo(bench.place);
    same([await bench.tipOf('cascade/x'), await bench.read('a.txt')], [first, '2\n'], 'after undo');
    await bench.commit('cascade/x', { 'a.txt': '2\n' }, 'once more\n');
    same(await bench.subjects('cascade/x'), ['once more', 'change cascade/x'], 'subjects');
  },
  'takes names and messages as they are': async (bench) => {
    const files = { 'with space.txt': 's\n', 'größe.txt': 'g\n', '-dash.txt': 'd\n', '*.txt': 'star\n', "quote's.txt": 'q\n' };
    const message = 'say "it" `now`: $(id) \'x\'\n\nWhy: --amend, -b y; &&\n\nTask: T001\nStory: 1.1\n';
    await bench.driver.createBranch(bench.place, 'cascade/x');
    const sha = await bench.commit('cascade/x', files, message);
    same(await bench.changesOf('cascade/x'), files, 'files');
    same((await bench.place.repository.git(['log', '-1', '--format=%B', sha])).text.trim(), message.trim(), 'message');
    same((await bench.place.repository.git(['log', '-1', '--format=%an <%ae>, %cn', sha])).text, 'Cascade <cascade@localhost>, Cascade', 'author');
  },
  'brings into the cache what git accepts, and nothing but the branch': async (bench) => {
    const before = (await bench.place.repository.git(['for-each-ref', '--format=%(refname)'])).text;
    await bench.driver.createBranch(bench.place, 'cascade/x');
    await bench.commit('cascade/x', { 'a.txt': 'x\n' });
    await bench.tipOf('cascade/x');
    const after = (await bench.place.repository.git(['for-each-ref', '--format=%(refname)'])).text;
    same(after.split('\n').filter((ref) => ref !== '' && !before.split('\n').includes(ref)), ['refs/conformance/cascade/x'], 'new refs');
    await bench.place.repository.git(['fsck', '--strict', '--no-dangling']);
  },
  'leaves nothing when it is closed, and closes nothing twice': async (bench) => {
    same([await bench.driver.close(bench.place), await bench.driver.close(bench.place)], [true, false], 'closed');
    same(await lstat(bench.place.path).then(() => 'there', () => 'gone'), 'gone', 'folder');
  },
};

/** Runs one check on a driver. Throws `CASC_DRIVER_NOT_CONFORMING` (terminal), and what the driver throws. */
export async function runCheck(name: string, make: (parts: DriverParts) => WorkspaceDriver): Promise<void> {
  const bench = await ConformanceBench.start(make);
  try {
    await conformanceChecks[name]?.(bench);
  } finally {
    await bench.stop();
  }
}
