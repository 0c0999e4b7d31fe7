import { describe, expect, it } from '@jest/globals';
import { assembleTasks, MAX_TASKS, taskProblems } from './assemble-tasks.js';
import { testNames } from './test-file-names.js';
import { repositoryFiles, stories, tasksAnswer, testPlan } from './testing/sample-feature.js';

const context = { stories, existingPaths: Object.keys(repositoryFiles), testKind: testNames(testPlan).kindOf };

describe('assembleTasks', () => {
  it('lets a code task wait for its tests, even where the answer forgot', () => {
    expect(assembleTasks(tasksAnswer).find((task) => task.id === 'T004')?.dependsOn).toEqual(['T002']);
  });
  it('gives chores no story', () => expect(assembleTasks(tasksAnswer).at(-1)).not.toHaveProperty('storyId'));
  it('writes numbers and ids once and in order', () => {
    const [task] = assembleTasks({ tasks: [{ ...tasksAnswer.tasks[5]!, title: ' Lower\nit. ', criteria: [2, 1, 2], dependsOn: ['T005', 'T003', 'T003'] }], end: 'END' });
    expect(task).toMatchObject({ title: 'Lower it', criteria: [1, 2], dependsOn: ['T003', 'T005'] });
  });
});

describe('taskProblems', () => {
  it('has nothing to say of a good list', () => expect(taskProblems(tasksAnswer, context)).toEqual([]));
  it('knows how the repository names its tests', () => {
    const tasks = tasksAnswer.tasks.map((task) => (task.id === 'T001' ? { ...task, paths: ['src/code_test.js'] } : task));
    expect(taskProblems({ tasks, end: 'END' }, context)).toEqual(['TASK_TEST_PATH T001: writes no file that the test runner would run: src/code_test.js']);
  });
  it('bounds the list', () => {
    const tasks = Array.from({ length: MAX_TASKS + 1 }, () => tasksAnswer.tasks[0]!);
    expect(taskProblems({ tasks, end: 'END' }, context)).toEqual([`TASK_TOO_MANY: the list has ${MAX_TASKS + 1} tasks; at most ${MAX_TASKS} are possible`]);
  });
});
