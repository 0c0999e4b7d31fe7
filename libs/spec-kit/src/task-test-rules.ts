import type { SpecTask } from '@cascade/contracts';
import { finding, type Finding } from './finding.js';
import type { TaskContext } from './task-context.js';

/** Constitution III of Spec Kit, test first: a code task names test tasks of its own story, and each test task serves one code task. */
export function checkTestFirst(tasks: readonly SpecTask[]): Finding[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return tasks.flatMap((task) => (task.kind === 'code' ? checkCode(task, byId) : checkOther(task, tasks)));
}

function checkCode(task: SpecTask, byId: ReadonlyMap<string, SpecTask>): Finding[] {
  if (task.tests.length === 0) return [finding('TASK_TEST_MISSING', 'is a code task and must name at least one test task whose tests it makes pass', task.id)];
  return task.tests.flatMap((id) => {
    const test = byId.get(id);
    if (test?.kind !== 'test') return [finding('TASK_TEST_UNKNOWN', `names ${id} as its test task, which ${test === undefined ? 'does not exist' : `is a ${test.kind} task`}`, task.id)];
    if (test.phase !== task.phase || test.storyId !== task.storyId) return [finding('TASK_TEST_FOREIGN', `its test task ${id} is in another story; tests belong to the same story as the code`, task.id)];
    return task.dependsOn.includes(id) ? [] : [finding('TASK_TEST_DEPENDENCY', `must depend on its test task ${id}`, task.id)];
  });
}

function checkOther(task: SpecTask, tasks: readonly SpecTask[]): Finding[] {
  const found: Finding[] = [];
  if (task.tests.length > 0) found.push(finding('TASK_TESTS_ONLY_CODE', `is a ${task.kind} task: only code tasks name test tasks`, task.id));
  if (task.kind !== 'test') return found;
  const users = tasks.filter((other) => other.kind === 'code' && other.tests.includes(task.id)).map((other) => other.id);
  if (users.length === 0) found.push(finding('TASK_TEST_ORPHAN', 'is a test task that no code task names in its tests', task.id));
  if (users.length > 1) found.push(finding('TASK_TEST_SHARED', `is named by ${users.join(' and ')}: give each code task test tasks of its own`, task.id));
  return found;
}

/** Every acceptance criterion of every story is served by a test task and by a code task. */
export function checkCoverage(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  return context.stories.flatMap((story) => story.criteria.flatMap((criterion) => {
    const serving = tasks.filter((task) => task.storyId === story.id && task.criteria.includes(criterion.id));
    return (['test', 'code'] as const).filter((kind) => !serving.some((task) => task.kind === kind))
      .map((kind) => finding('TASK_CRITERION_UNCOVERED', `acceptance criterion ${criterion.id} of story ${story.id} has no ${kind} task`, `story ${story.id}`));
  }));
}
