import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { makeFixture, type Fixture } from './testing/git-fixture.js';

let fixture: Fixture;
beforeEach(() => { fixture = makeFixture(); });
afterEach(async () => { await fixture.remove(); });

it('shows what each task of a cascade did, and what all of them did', async () => {
  const { repositoryId, baseSha } = await fixture.git.open('c.1', fixture.repo);
  const write = async (cascadeId: string, task: string, path: string, content: string): Promise<string> => (await fixture.git.commitFiles(cascadeId, repositoryId, [{ path, content }], { subject: `task ${task}`, body: `Task: T00${task}x`, trailers: [{ name: 'Cascade-Id', value: cascadeId }, { name: 'Task', value: task }] })).sha;
  const red = await write('c.1', 'T001', 'test/a.js', 'red\n');
  const tip = await write('c.1', 'T002', 'src/a.js', 'two\n');
  const ask = (wanted: object): ReturnType<typeof fixture.git.showChange> => fixture.git.showChange(repositoryId, { cascadeId: 'c.1', commit: tip, since: baseSha, maxBytes: 10_000, ...wanted });

  expect(await ask({ taskId: 'T001' })).toMatchObject({ commit: red, cut: false, text: expect.stringMatching(/^diff --git a\/test\/a\.js b\/test\/a\.js\nnew file[^]*\n\+red\n$/) });
  expect(await ask({ taskId: 'T002' })).toMatchObject({ commit: tip, text: expect.stringMatching(/\n-one\n\+two\n$/) });
  expect((await ask({})).text).toMatch(/src\/a\.js[^]*test\/a\.js/);
  expect(await ask({ taskId: 'T003' })).toEqual({ text: '', cut: false });
  expect(await ask({ taskId: 'T001', cascadeId: 'cx1' })).toEqual({ text: '', cut: false });
  const short = await ask({ maxBytes: 60 });
  expect([short.cut, short.text.endsWith('\n'), short.text.length <= 60]).toEqual([true, true, true]);
});
