import { isCascadeError, type SpecTask } from '@cascade/contracts';
import { finding, type Finding } from './finding.js';
import { parallelBatches } from './parallel-batches.js';
import { ancestors } from './task-graph.js';
import { units, type Unit } from './units.js';
import type { TaskContext } from './task-context.js';

/** Dependencies exist, point backwards (hence hold no cycle), and tie a story to the stories that it builds on. */
export function checkDependencies(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  const position = new Map(tasks.map((task, index) => [task.id, index]));
  const single = tasks.flatMap((task, index) => task.dependsOn.flatMap((id) => {
    const at = position.get(id);
    if (at === undefined) return [finding('TASK_DEPENDENCY_UNKNOWN', `depends on ${id}, which does not exist`, task.id)];
    return at < index ? [] : [finding('TASK_DEPENDENCY_FORWARD', `depends on ${id}, which does not come before it`, task.id)];
  }));
  return single.length > 0 ? single : [...checkStories(tasks, context), ...checkUnitCycles(tasks)];
}

function checkStories(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  const before = ancestors(tasks);
  const idsOf = (story: string): string[] => tasks.filter((task) => task.storyId === story).map((task) => task.id);
  return context.stories.flatMap((story) => story.dependsOn.filter((needed) => {
    const targets = idsOf(needed);
    return targets.length > 0 && !idsOf(story.id).some((id) => targets.some((target) => before.get(id)?.has(target)));
  }).map((needed) => finding('TASK_STORY_DEPENDENCY', `story ${story.id} builds on story ${needed}: its tasks must depend on the tasks of story ${needed} that they use`, `story ${story.id}`)));
}

/** Test tasks travel with their code task, so two code tasks can wait for each other though no two tasks do. */
function checkUnitCycles(tasks: readonly SpecTask[]): Finding[] {
  try {
    units(tasks);
    return [];
  } catch (error) {
    if (!isCascadeError(error)) throw error;
    return [finding('TASK_UNIT_CYCLE', `a code task is built together with its test tasks, and so these wait for each other: ${error.findings.join('; ')}`)];
  }
}

/** What may run at the same time does not touch the same file, and nobody in a set of [P] tasks waits for a peer. */
export function checkParallel(tasks: readonly SpecTask[]): Finding[] {
  const before = ancestors(tasks);
  const batches = parallelBatches(tasks).flatMap((batch) => pairs(batch).flatMap(([first, second]) => {
    const waits = before.get(second.id)?.has(first.id) === true || before.get(first.id)?.has(second.id) === true;
    const shared = first.paths.filter((path) => second.paths.includes(path));
    return [
      ...(waits ? [finding('TASK_PARALLEL_DEPENDENCY', `is [P] together with ${first.id}, but one waits for the other: only tasks that can run at the same time are [P]`, second.id)] : []),
      ...(shared.length > 0 ? [finding('TASK_PARALLEL_PATHS', `is [P] together with ${first.id}, but both write ${shared.join(', ')}`, second.id)] : []),
    ];
  }));
  return batches.length > 0 ? batches : checkSharedFiles(units(tasks));
}

function checkSharedFiles(all: readonly Unit[]): Finding[] {
  const before = ancestors(all);
  return pairs(all).flatMap(([first, second]) => {
    if (before.get(first.id)?.has(second.id) === true || before.get(second.id)?.has(first.id) === true) return [];
    const shared = first.task.paths.filter((path) => second.task.paths.includes(path));
    return shared.length === 0 ? [] : [finding('TASK_PATH_CONFLICT', `writes ${shared.join(', ')} as ${first.id} does, and could run at the same time: it must depend on ${first.id}`, second.id)];
  });
}

const pairs = <Item>(items: readonly Item[]): (readonly [Item, Item])[] => items.flatMap((first, index) => items.slice(index + 1).map((second) => [first, second] as const));
