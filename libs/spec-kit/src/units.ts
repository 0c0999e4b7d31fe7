import type { SpecTask } from '@cascade/contracts';
import { criticality, topologicalOrder } from './task-graph.js';

/** What is executed in one workspace: a code task with the test tasks that prove it, or one chore. */
export interface Unit {
  /** Id of its code task or chore. */
  readonly id: string;
  readonly phase: SpecTask['phase'];
  readonly storyId?: string;
  readonly parallel: boolean;
  readonly task: SpecTask;
  /** Its test tasks, in the order in which they are written. */
  readonly tests: readonly SpecTask[];
  /** Ids of the units that must be integrated before it starts. */
  readonly dependsOn: readonly string[];
}

const rank: Readonly<Record<SpecTask['phase'], number>> = { setup: 0, foundational: 1, story: 2, polish: 3 };

/**
 * The units of a task list, in an order in which they may run one by one. A unit waits for
 * - the units of all tasks that its tasks depend on;
 * - every unit of an earlier phase (Setup and Foundational block stories, stories block Polish);
 * - within its phase or story, every earlier unit that is not [P] together with it: a task without [P] runs in order.
 * Different stories wait for each other only where a task says so.
 * Throws `CASC_SPEC_INVALID` when the units wait for each other.
 */
export function units(tasks: readonly SpecTask[]): Unit[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const heads = tasks.filter((task) => task.kind !== 'test');
  const unitOf = new Map(heads.flatMap((head) => [head.id, ...head.tests].map((id) => [id, head.id] as const)));
  const made: Unit[] = heads.map((head, index) => {
    const tests = head.tests.flatMap((id) => byId.get(id) ?? []);
    const explicit = [head, ...tests].flatMap((task) => task.dependsOn).map((id) => unitOf.get(id));
    const needed = new Set([...explicit, ...implied(heads, index)]);
    return {
      id: head.id, phase: head.phase, ...(head.storyId === undefined ? {} : { storyId: head.storyId }), parallel: head.parallel, task: head, tests,
      dependsOn: heads.map((other) => other.id).filter((id) => id !== head.id && needed.has(id)),
    };
  });
  return topologicalOrder(made);
}

function implied(heads: readonly SpecTask[], index: number): string[] {
  const head = heads[index];
  if (head === undefined) return [];
  const sameLane = (other: SpecTask): boolean => other.phase === head.phase && other.storyId === head.storyId;
  const earlierPhases = heads.filter((other) => rank[other.phase] < rank[head.phase]);
  const earlierInLane = heads.slice(0, index).filter(sameLane);
  const batchStart = head.parallel ? earlierInLane.findLastIndex((other) => !other.parallel) + 1 : earlierInLane.length;
  return [...earlierPhases, ...earlierInLane.slice(0, batchStart)].map((other) => other.id);
}

/**
 * The units that may start: not integrated, all they wait for integrated. The caller leaves out those it has started.
 * The longest chain of work that waits comes first, then the order of the list.
 * `integrated` holds ids of units (their code tasks or chores); ids of test tasks do no harm.
 */
export function readyUnits(all: readonly Unit[], integrated: Iterable<string>): Unit[] {
  const finished = new Set(integrated);
  const weight = criticality(all);
  return all
    .filter((unit) => !finished.has(unit.id) && unit.dependsOn.every((id) => finished.has(id)))
    .toSorted((a, b) => (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0));
}
