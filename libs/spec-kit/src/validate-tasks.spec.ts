import { describe, expect, it } from '@jest/globals';
import type { SpecTask } from '@cascade/contracts';
import type { TaskContext } from './task-context.js';
import { validateTasks } from './validate-tasks.js';

const criterion = (id: number) => ({ id, given: 'a cart', when: 'a code is entered', then: 'the total falls' });
const context: TaskContext = {
  stories: [{ id: '1.1', criteria: [criterion(1), criterion(2)], dependsOn: [] }, { id: '1.2', criteria: [criterion(1)], dependsOn: ['1.1'] }],
  existingPaths: ['src/cart.js', 'test/cart.test.js', 'README.md'],
  testKind: (path) => (path.endsWith('.test.js') ? 'test' : path.startsWith('test/') ? 'support' : 'none'),
};
const test = (id: string, storyId: string, path: string, criteria: number[], more: Partial<SpecTask> = {}): SpecTask =>
  ({ id, phase: 'story', storyId, kind: 'test', parallel: false, title: 'Test it', paths: [path], criteria, dependsOn: [], tests: [], ...more });
const code = (id: string, storyId: string, path: string, criteria: number[], tests: string[], more: Partial<SpecTask> = {}): SpecTask =>
  ({ id, phase: 'story', storyId, kind: 'code', parallel: false, title: 'Build it', paths: [path], criteria, dependsOn: tests, tests, ...more });
const chore: SpecTask = { id: 'T007', phase: 'polish', kind: 'chore', parallel: false, title: 'Describe it', paths: ['README.md'], criteria: [], dependsOn: [], tests: [] };

/** A valid list: one story with a [P] pair of tests and of code, a second story that builds on it, a chore. */
const valid: readonly SpecTask[] = [
  test('T001', '1.1', 'test/discount.test.js', [1], { parallel: true }),
  test('T002', '1.1', 'test/coupon.test.js', [2], { parallel: true }),
  code('T003', '1.1', 'src/discount.js', [1], ['T001'], { parallel: true }),
  code('T004', '1.1', 'src/coupon.js', [2], ['T002'], { parallel: true }),
  test('T005', '1.2', 'test/cart-discount.test.js', [1]),
  code('T006', '1.2', 'src/cart.js', [1], ['T005'], { dependsOn: ['T003', 'T005'] }),
  chore,
];
const changed = (changes: Record<string, Partial<SpecTask>>): SpecTask[] => valid.map((task) => ({ ...task, ...changes[task.id] }));
const codes = (tasks: readonly SpecTask[]): string[] => [...new Set(validateTasks(tasks, context).map((item) => item.code))].toSorted();

describe('validateTasks', () => {
  it('finds nothing wrong with a good list', () => expect(validateTasks(valid, context)).toEqual([]));
  it('wants tasks', () => expect(codes([])).toEqual(['TASK_NONE']));

  const cases: readonly (readonly [string, Record<string, Partial<SpecTask>>, string])[] = [
    ['ids out of sequence', { T003: { id: 'T009' } }, 'TASK_ID_SEQUENCE'],
    ['a path that leaves the repository', { T003: { paths: ['../x.js'] } }, 'TASK_SHAPE'],
    ['a template field in a title', { T003: { title: 'Build [FEATURE NAME]' } }, 'TASK_PLACEHOLDER'],
    ['a label in a title', { T003: { title: '[P] Build it' } }, 'TASK_TITLE'],
    ['a phase too late', { T001: { phase: 'polish', storyId: undefined, kind: 'chore', paths: ['a.md'], criteria: [] } }, 'TASK_PHASE_ORDER'],
    ['a code task before tests', { T002: { kind: 'code', paths: ['src/x.js'], tests: ['T001'], dependsOn: ['T001'], criteria: [2] }, T003: { kind: 'test', paths: ['test/x.test.js'], tests: [], dependsOn: [] } }, 'TASK_PHASE_ORDER'],
    ['a story task without story', { T003: { storyId: undefined } }, 'TASK_STORY_REQUIRED'],
    ['a chore with a story', { T007: { storyId: '1.2' } }, 'TASK_STORY_FORBIDDEN'],
    ['an unknown story', { T006: { storyId: '9.9' } }, 'TASK_STORY_UNKNOWN'],
    ['a chore in a story', { T006: { kind: 'chore', tests: [] } }, 'TASK_KIND_PLACE'],
    ['code in polish', { T007: { kind: 'code' } }, 'TASK_KIND_PLACE'],
    ['a criterion that the story has not', { T006: { criteria: [1, 7] } }, 'TASK_CRITERION_UNKNOWN'],
    ['code without a test', { T003: { tests: [] } }, 'TASK_TEST_MISSING'],
    ['code that names code as its test', { T006: { tests: ['T003'] } }, 'TASK_TEST_UNKNOWN'],
    ['code that borrows the test of another story', { T006: { tests: ['T001', 'T005'], dependsOn: ['T001', 'T003', 'T005'] } }, 'TASK_TEST_FOREIGN'],
    ['code that does not wait for its test', { T003: { dependsOn: [] } }, 'TASK_TEST_DEPENDENCY'],
    ['tests named by a chore', { T007: { tests: ['T001'] } }, 'TASK_TESTS_ONLY_CODE'],
    ['a test task that nobody names', { T004: { tests: ['T001'], dependsOn: ['T001'] } }, 'TASK_TEST_ORPHAN'],
    ['a test task shared by two code tasks', { T004: { tests: ['T001', 'T002'], dependsOn: ['T001', 'T002'] } }, 'TASK_TEST_SHARED'],
    ['an unknown dependency', { T006: { dependsOn: ['T005', 'T099', 'T003'] } }, 'TASK_DEPENDENCY_UNKNOWN'],
    ['a forward dependency', { T001: { dependsOn: ['T003'] } }, 'TASK_DEPENDENCY_FORWARD'],
    ['a dependency on itself', { T001: { dependsOn: ['T001'] } }, 'TASK_DEPENDENCY_FORWARD'],
    ['a story that ignores the one it builds on', { T006: { dependsOn: ['T005'] } }, 'TASK_STORY_DEPENDENCY'],
    ['[P] tasks that wait for each other', { T004: { dependsOn: ['T002', 'T003'] } }, 'TASK_PARALLEL_DEPENDENCY'],
    ['[P] tasks on one file', { T004: { paths: ['src/discount.js'] } }, 'TASK_PARALLEL_PATHS'],
    ['two owners of a test file', { T002: { paths: ['test/discount.test.js'] } }, 'TASK_TEST_PATH_SHARED'],
    ['a test task on source', { T001: { paths: ['src/discount.js'] } }, 'TASK_TEST_PATH'],
    ['a test task without a test', { T001: { paths: ['test/fixture.json'] } }, 'TASK_TEST_PATH'],
    ['a code task on a fixture', { T003: { paths: ['test/fixture.json'] } }, 'TASK_CODE_PATH'],
    ['a code task on a test', { T003: { paths: ['test/discount.test.js'] } }, 'TASK_CODE_PATH'],
    ['a task on the process\'s own documents', { T007: { paths: ['specs/001-x/spec.md'] } }, 'TASK_PATH_RESERVED'],
    ['too many files in one code task', { T003: { paths: ['src/a.js', 'src/b.js', 'src/c.js', 'src/d.js'] } }, 'TASK_TOO_LARGE'],
    ['a path named twice', { T003: { paths: ['src/a.js', 'src/a.js'] } }, 'TASK_PATH_TWICE'],
    ['a folder as a file', { T003: { paths: ['src'] } }, 'TASK_PATH_IS_FOLDER'],
    ['a file under a file', { T003: { paths: ['src/cart.js/x.js'] } }, 'TASK_PATH_UNDER_FILE'],
    ['a backtick in a path', { T003: { paths: ['src/`.js'] } }, 'TASK_PATH_FORM'],
    ['a criterion without a code task', { T004: { criteria: [1] } }, 'TASK_CRITERION_UNCOVERED'],
    ['a criterion without a test task', { T002: { criteria: [] } }, 'TASK_CRITERION_UNCOVERED'],
  ];
  it.each(cases)('refuses %s', (_name, changes, code) => expect(codes(changed(changes))).toContain(code));

  it('refuses one file in two stories that nothing puts in order', () => {
    const free: TaskContext = { ...context, stories: context.stories.map((story) => ({ ...story, dependsOn: [] })) };
    const tasks = changed({ T006: { paths: ['src/discount.js'], dependsOn: ['T005'] } });
    expect(validateTasks(tasks, free).map((item) => item.code)).toEqual(['TASK_PATH_CONFLICT']);
    expect(validateTasks(changed({ T006: { paths: ['src/discount.js'] } }), free)).toEqual([]);
  });

  it('refuses code tasks that wait for each other through their tests', () => {
    const tasks = changed({ T002: { parallel: false }, T004: { parallel: false, dependsOn: ['T002'] } });
    const cyclic = tasks.map((task) => (task.id === 'T003' ? { ...task, tests: ['T001'], dependsOn: ['T001', 'T002'], parallel: false } : task));
    // T003 waits for T002's unit, which is T004; T004 runs in order after T003.
    expect(codes(cyclic)).toEqual(['TASK_UNIT_CYCLE']);
  });
});
