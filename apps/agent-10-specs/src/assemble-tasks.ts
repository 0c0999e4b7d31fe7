import type { SpecTask } from '@cascade/contracts';
import type { SpTaskList } from '@cascade/llm';
import { describeFinding, finding, toLine, validateTasks, type TaskContext } from '@cascade/spec-kit';

/** The most tasks that one cascade carries out (the bound of `spec.ready`). */
export const MAX_TASKS = 60;

/** The model's tasks as typed tasks. Order, ids and labels stay as they are, so that findings speak of what was written. */
export function assembleTasks(answer: SpTaskList): SpecTask[] {
  return answer.tasks.map((task) => ({
    id: task.id, phase: task.phase, kind: task.kind, parallel: task.parallel, title: toLine(task.title).replace(/\.$/, ''), paths: task.paths, criteria: sorted(task.criteria),
    // A code task waits for its tests by definition, whether the list says so or not.
    dependsOn: [...new Set([...task.dependsOn, ...(task.kind === 'code' ? task.tests : [])])].toSorted(),
    tests: [...new Set(task.tests)].toSorted(),
    ...(task.storyId.trim() === '' ? {} : { storyId: task.storyId.trim() }),
  }));
}

const sorted = (numbers: readonly number[]): number[] => [...new Set(numbers)].toSorted((a, b) => a - b);

/** What is wrong with a task list, as lines for the model. */
export function taskProblems(answer: SpTaskList, context: TaskContext): string[] {
  if (answer.tasks.length > MAX_TASKS) return [describeFinding(finding('TASK_TOO_MANY', `the list has ${answer.tasks.length} tasks; at most ${MAX_TASKS} are possible`))];
  return validateTasks(assembleTasks(answer), context).map(describeFinding);
}
