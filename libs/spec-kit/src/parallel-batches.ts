import type { SpecTask } from '@cascade/contracts';

/**
 * The sets of [P] tasks that may run at the same time: the longest runs of neighbouring [P] tasks of one phase, story and
 * kind. A task without [P] ends a run, because it waits for all before it.
 */
export function parallelBatches(tasks: readonly SpecTask[]): SpecTask[][] {
  const batches: SpecTask[][] = [];
  let previous: SpecTask | undefined;
  for (const task of tasks) {
    const joins = previous?.parallel === true && previous.phase === task.phase && previous.storyId === task.storyId && previous.kind === task.kind;
    if (task.parallel && joins) batches.at(-1)?.push(task);
    else if (task.parallel) batches.push([task]);
    previous = task;
  }
  return batches;
}
