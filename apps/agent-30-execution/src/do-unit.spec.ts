import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolders } from '@cascade/testing';
import { newEventId } from '@cascade/contracts';
import { answer, code, codeProgram, goodCode, goodTests, repositoryFiles, ScriptedModel, TaskBench, testHead, testProgram, tests } from './testing/task-bench.js';
import { sampleProgram, sampleTask } from './testing/sample-plan.js';

const SLOW = 180_000;
const lower = "export function slugify(text) {\n  return text.toLowerCase();\n}\n";
const dashed = "export function slugify(text) {\n  return text.toLowerCase().replaceAll(' ', '-');\n}\n";

describe('a unit of work', () => {
  let bench: TaskBench;
  beforeAll(async () => { bench = await TaskBench.start(); }, SLOW);
  afterAll(async () => { await bench.stop(); removeTemporaryFolders(); });

  it('goes from red to green in two commits with trailers', async () => {
    const model = new ScriptedModel([tests(goodTests), code(goodCode)]);
    const cascadeId = newEventId();
    const done = await bench.work(model, { cascadeId });
    const ids = ['test/slug.test.js > AC1: drops punctuation', 'test/slug.test.js > AC1: joins words with a dash'];
    expect(done.evidence).toMatchObject({ redTests: ids, attempts: 1, report: { total: 3, passed: 3, failed: 0, skipped: 0 }, lockedTests: { 'test/slug.test.js': expect.stringMatching(/^[0-9a-f]{64}$/) } });
    const trailers = (task: string): string => `Cascade-Id: ${cascadeId}\nStory: 1.1\nTask: ${task}`;
    expect(await bench.log(done)).toEqual([`test(coupons): Do T001\n\n${trailers('T001')}`, `feat(coupons): Do T002\n\n${trailers('T002')}`]);
    expect(done.lines).toEqual(['T001 writing-tests', 'T001 red', 'T002 implementing', 'T002 green']);
    expect(model.asked[0]!.user).not.toContain('slugify(text) {');
    expect(model.asked[1]!.user).toContain(goodTests);
  }, SLOW);

  it('repairs wrong code with the output of the real run, on the best code so far', async () => {
    const model = new ScriptedModel([tests(goodTests), code(dashed), code(lower), code(goodCode)]);
    const done = await bench.work(model);
    expect(done.evidence.attempts).toBe(3);
    expect(model.asked[2]!.user).toContain('[[ ## hint ## ]]\n1 of the 2 tests pass.');
    expect(model.asked[3]!.user).toContain('[[ ## hint ## ]]\nYour last change made it worse');
    expect(model.asked[2]!.user).toContain("'a,-b!'");
    expect(model.asked[2]!.user).toContain(dashed);
    expect(model.asked.map((asked) => asked.user).join()).not.toMatch(/duration_ms|\/tmp\/|node:internal/);
  }, SLOW);

  it('asks the same prompts in every run', async () => {
    const script = [tests(goodTests), code(lower), code(goodCode)];
    const models = [new ScriptedModel(script), new ScriptedModel(script)];
    for (const model of models) await bench.work(model);
    expect(models[0]!.asked).toEqual(models[1]!.asked);
  }, SLOW);

  it('starts again from the original files when a repair changes nothing, with a digest', async () => {
    const model = new ScriptedModel([tests(goodTests), code(lower), code(lower), code(goodCode)]);
    const done = await bench.work(model);
    expect(done.evidence.attempts).toBe(3);
    expect(model.asked[3]!.step).toBe('task/T002/a1/fresh/1.1');
    expect(model.asked[3]!.user).toContain('Earlier attempts came to nothing');
    expect(model.asked[3]!.user).toContain('[[ ## current ## ]]\n(no files)');
  }, SLOW);

  it('gives up with the last feedback', async () => {
    const wrong = Array.from({ length: 4 }, (_, index) => code(`export const slugify = (text) => \`\${text} ${index}\`;\n`));
    const model = new ScriptedModel([tests(goodTests), ...wrong, code(lower), code(dashed)]);
    await expect(bench.work(model)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_TASK_NOT_GREEN', findings: expect.arrayContaining([expect.stringContaining('tests pass')]) });
    expect(model.asked).toHaveLength(7);
  }, SLOW);

  it('sends tests that prove nothing back to their author', async () => {
    const vacuous = `${testHead}test('AC1: is a function', () => {\n  assert.equal(typeof slugify, 'function');\n});\n`;
    const model = new ScriptedModel([tests(vacuous), tests(goodTests), code(goodCode)]);
    await bench.work(model);
    expect(model.asked[1]!.user).toContain('AC1: is a function passes without an implementation');
    const hopeless = new ScriptedModel([tests(vacuous), tests(vacuous), tests(vacuous)]);
    await expect(bench.work(hopeless)).rejects.toMatchObject({ code: 'CASC_TESTS_NOT_RED' });
  }, SLOW);

  it('keeps the tests that a file already has', async () => {
    const path = 'test/util.test.js';
    const author = { ...testProgram, task: { ...testProgram.task, paths: [path] }, allowedPaths: [path], predictors: [{ ...testProgram.predictors[0]!, constraints: [] }] };
    const file = (text: string): string => answer(author, { [path]: text });
    const added = `${repositoryFiles[path]!}${goodTests.replace("import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n", '')}`;
    const model = new ScriptedModel([file(goodTests), file(added), code(goodCode)]);
    const done = await bench.work(model, { tests: [author] });
    expect(model.asked[1]!.user).toContain('the existing test "up" is gone');
    expect(done.evidence.redTests).toEqual([`${path} > AC1: drops punctuation`, `${path} > AC1: joins words with a dash`]);
  }, SLOW);

  it('does not count badly formed answers as repairs', async () => {
    const model = new ScriptedModel(['I would rather not.', tests(goodTests), code(goodCode).replace('[[ ## completed ## ]]', ''), code(goodCode)]);
    const done = await bench.work(model);
    expect(done.evidence.attempts).toBe(1);
    expect(model.asked.map((asked) => asked.step)).toEqual(['task/T002/a1/tests/T001/1.1', 'task/T002/a1/tests/T001/1.2', 'task/T002/a1/code/1.1', 'task/T002/a1/code/1.2']);
  }, SLOW);

  it('puts a dispute to the test author once, and proves corrected tests red again', async () => {
    const contradiction = `${testHead}test('AC1: joins words with a dash', () => {\n  assert.equal(slugify('Hello World'), 'hello_world');\n});\n`;
    const model = new ScriptedModel([tests(contradiction), code(goodCode, { testDispute: 'test/slug.test.js wants an underscore, AC1 says a dash' }), tests(goodTests)]);
    const done = await bench.work(model);
    expect(done.evidence).toMatchObject({ attempts: 1, redTests: [expect.any(String), expect.any(String)] });
    expect(model.asked[2]!.user).toContain('wants an underscore, AC1 says a dash');
    expect(model.asked[2]!.user).not.toContain('replaceAll');
    expect((await bench.log(done)).map((entry) => entry.split('\n')[0])).toEqual(['test(coupons): Do T001', 'feat(coupons): Do T002']);
  }, SLOW);

  it('goes on after a crash without asking or running anything twice', async () => {
    const script = [tests(goodTests), code(lower), code(goodCode)];
    const cascadeId = newEventId();
    const first = new ScriptedModel(script.slice(0, 2));
    await expect(bench.work(first, { cascadeId })).rejects.toThrow('nothing is scripted for request 3');
    const second = new ScriptedModel(script.slice(2));
    const done = await bench.work(second, { cascadeId });
    expect(second.asked.map((asked) => asked.step)).toEqual(['task/T002/a1/code/2.1']);
    expect(done.evidence.attempts).toBe(2);
    expect(await bench.log(done)).toHaveLength(2);
  }, SLOW);

  it('does a chore and keeps the suite green', async () => {
    const chore = sampleProgram(sampleTask('T003', 'chore', { paths: ['README.md', 'src/util.js'] }));
    const readme = (util: string): string => answer(chore, { 'README.md': '# Shop\n', 'src/util.js': util });
    const model = new ScriptedModel([readme('export const up = (text) => text;\n'), readme(repositoryFiles['src/util.js']!)]);
    const done = await bench.work(model, { lead: chore, tests: [] });
    expect(done.evidence).toMatchObject({ attempts: 2, redTests: [] });
    expect(model.asked[1]!.user).toContain('test/util.test.js > up');
  }, SLOW);

  it('refuses code that breaks another test', async () => {
    const wide = { ...codeProgram, allowedPaths: ['src/slug.js', 'src/util.js'], predictors: [{ ...codeProgram.predictors[0]!, constraints: [] }] };
    const both = (util: string): string => answer(codeProgram, { 'src/slug.js': goodCode, 'src/util.js': util });
    const model = new ScriptedModel([tests(goodTests), both('export const up = (text) => text;\n'), both(repositoryFiles['src/util.js']!)]);
    const done = await bench.work(model, { lead: wide, tests: [testProgram] });
    expect(done.evidence.attempts).toBe(2);
    expect(model.asked[2]!.user).toContain('failing in the whole suite: test/util.test.js > up');
  }, SLOW);
});
