import { specTask, type SpecTask } from '@cascade/contracts';
import { finding, type Finding } from './finding.js';
import { checkDependencies, checkParallel } from './task-order-rules.js';
import { checkPaths } from './task-path-rules.js';
import { checkCoverage, checkTestFirst } from './task-test-rules.js';
import type { TaskContext } from './task-context.js';
import { placeholderIn } from './placeholder.js';

const rank: Readonly<Record<SpecTask['phase'], number>> = { setup: 0, foundational: 1, story: 2, polish: 3 };

/**
 * Everything that a task list must hold to before anybody executes it: Spec Kit's grammar and phase rules, tests before
 * code, each acceptance criterion proven, no two tasks in each other's way. Returns findings; none means valid.
 */
export function validateTasks(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  const shape = tasks.flatMap((task, index) => checkShape(task, index));
  if (tasks.length === 0) return [finding('TASK_NONE', 'the list has no tasks')];
  if (shape.length > 0) return shape;
  const form = [...checkOrder(tasks, context), ...tasks.flatMap((task) => checkPlace(task, context)), ...checkTestFirst(tasks), ...checkDependencies(tasks, context)];
  const paths = checkPaths(tasks, context);
  // The rules on parallel work need a graph that is sound.
  return form.length > 0 ? [...form, ...paths, ...checkCoverage(tasks, context)] : [...paths, ...checkCoverage(tasks, context), ...checkParallel(tasks)];
}

function checkShape(task: SpecTask, index: number): Finding[] {
  const expected = `T${String(index + 1).padStart(3, '0')}`;
  const parsed = specTask.safeParse(task);
  if (!parsed.success) return parsed.error.issues.map((issue) => finding('TASK_SHAPE', `${issue.path.join('.')}: ${issue.message}`, task.id ?? expected));
  const found: Finding[] = [];
  if (task.id !== expected) found.push(finding('TASK_ID_SEQUENCE', `ids are sequential in the order of execution: expected ${expected}`, task.id));
  const placeholder = placeholderIn(task.title);
  if (placeholder !== undefined) found.push(finding('TASK_PLACEHOLDER', `the title holds a placeholder: ${placeholder}`, task.id));
  if (task.title.startsWith('[')) found.push(finding('TASK_TITLE', 'the title must not start with "[": labels are added from the other fields', task.id));
  return found;
}

function checkOrder(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  const position = new Map(context.stories.map((story, index) => [story.id, index]));
  const place = (task: SpecTask): number => rank[task.phase] * 1000 + (position.get(task.storyId ?? '') ?? 0) * 10 + (task.kind === 'code' ? 1 : 0);
  return tasks.slice(1).flatMap((task, index) => {
    const before = tasks[index];
    return before === undefined || place(before) <= place(task) ? [] : [
      finding('TASK_PHASE_ORDER', `comes after ${before.id}, but the order is setup, foundational, stories in their order (in each: test tasks, then code tasks), polish`, task.id),
    ];
  });
}

function checkPlace(task: SpecTask, context: TaskContext): Finding[] {
  const story = context.stories.find((item) => item.id === task.storyId);
  const found: Finding[] = [];
  if (task.phase === 'story' && task.storyId === undefined) found.push(finding('TASK_STORY_REQUIRED', 'is in a story phase and needs its story', task.id));
  if (task.phase !== 'story' && task.storyId !== undefined) found.push(finding('TASK_STORY_FORBIDDEN', `is in the ${task.phase} phase and must not name a story`, task.id));
  if (task.storyId !== undefined && story === undefined) found.push(finding('TASK_STORY_UNKNOWN', `names story ${task.storyId}, which does not exist`, task.id));
  if (task.phase === 'story' && task.kind === 'chore') found.push(finding('TASK_KIND_PLACE', 'is a chore: chores belong to setup or polish', task.id));
  if ((task.phase === 'setup' || task.phase === 'polish') && task.kind !== 'chore') found.push(finding('TASK_KIND_PLACE', `is a ${task.kind} task: ${task.phase} holds chores only`, task.id));
  const unknown = task.criteria.filter((id) => !story?.criteria.some((criterion) => criterion.id === id));
  if (unknown.length > 0) found.push(finding('TASK_CRITERION_UNKNOWN', `names acceptance criteria that ${story === undefined ? 'no story' : `story ${story.id}`} has: ${unknown.join(', ')}`, task.id));
  return found;
}
