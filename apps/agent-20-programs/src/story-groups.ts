import type { SpecTask, Story } from '@cascade/contracts';
import { ancestors as unitAncestors, units } from '@cascade/spec-kit';

/** The tasks that are designed together: one story's, or those that belong to no story. */
export interface StoryGroup {
  /** The story's id, or `shared`. */
  readonly name: string;
  readonly story?: Story;
  readonly tasks: readonly SpecTask[];
}

/** Groups in the order of their first task, so that a later story can use what an earlier one exports. */
export function storyGroups(stories: readonly Story[], tasks: readonly SpecTask[]): StoryGroup[] {
  const names = [...new Set(tasks.map((task) => task.storyId ?? 'shared'))];
  return names.map((name) => {
    const story = stories.find((candidate) => candidate.id === name);
    return { name, tasks: tasks.filter((task) => (task.storyId ?? 'shared') === name), ...(story === undefined ? {} : { story }) };
  });
}

export const codeTasks = (group: StoryGroup): SpecTask[] => group.tasks.filter((task) => task.kind === 'code');

/** The tasks done together with one task: a code task and the test tasks that it names. */
export function unitOf(task: SpecTask, tasks: readonly SpecTask[]): SpecTask[] {
  const lead = task.kind === 'test' ? (tasks.find((candidate) => candidate.tests.includes(task.id)) ?? task) : task;
  return [lead, ...tasks.filter((candidate) => lead.tests.includes(candidate.id))];
}

const graphs = new WeakMap<readonly SpecTask[], ReturnType<typeof unitAncestors>>();

/** Ids of every task that is integrated before the task's unit starts, in the tasks' order. */
export function ancestors(task: SpecTask, tasks: readonly SpecTask[]): string[] {
  const graph = graphs.get(tasks) ?? unitAncestors(units(tasks));
  graphs.set(tasks, graph);
  const leadOf = (candidate: SpecTask): string => unitOf(candidate, tasks)[0]?.id ?? candidate.id;
  const before = graph.get(leadOf(task)) ?? new Set();
  return tasks.filter((candidate) => before.has(leadOf(candidate))).map((candidate) => candidate.id);
}
