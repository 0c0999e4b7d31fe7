import type { SpecTask, TestPlan } from '@cascade/contracts';
import { ancestors, unitOf } from './story-groups.js';

/** Files of context that one program may have: prompts are bounded, and more reading does not make better code. */
export const MAX_CONTEXT_PATHS = 10;

const manifests = ['package.json', 'pyproject.toml', 'setup.cfg', 'requirements.txt', 'README.md'];

/** Why a path cannot be context of a task, or undefined: it must be there, with the same text, however tasks are ordered. */
export function contextProblem(path: string, task: SpecTask, tasks: readonly SpecTask[], repositoryFiles: ReadonlySet<string>): string | undefined {
  const before = ancestors(task, tasks);
  const unit = new Set(unitOf(task, tasks).map((member) => member.id));
  const writers = tasks.filter((candidate) => candidate.paths.includes(path) && !unit.has(candidate.id));
  if (!repositoryFiles.has(path) && !writers.some((writer) => before.includes(writer.id))) return 'is neither a file of the repository nor written by an earlier task';
  const unordered = writers.find((writer) => !before.includes(writer.id) && !ancestors(writer, tasks).includes(task.id));
  return unordered === undefined ? undefined : `is written by ${unordered.id}, which may run at the same time`;
}

/** What a program's prompts show beside the task's own files: named by the design, then what earlier tasks wrote. */
export function contextPaths(task: SpecTask, named: readonly string[], tasks: readonly SpecTask[], repositoryFiles: ReadonlySet<string>, plan: TestPlan): string[] {
  const own = new Set(unitOf(task, tasks).flatMap((member) => member.paths));
  const before = new Set(ancestors(task, tasks));
  const written = tasks.filter((candidate) => before.has(candidate.id) && candidate.kind === 'code').flatMap((candidate) => candidate.paths);
  const wanted = [
    ...(task.kind === 'test' && plan.exampleTest !== undefined ? [plan.exampleTest] : []),
    ...named,
    ...written,
    ...(task.kind === 'chore' ? manifests : []),
  ];
  return [...new Set(wanted)].filter((path) => !own.has(path) && contextProblem(path, task, tasks, repositoryFiles) === undefined).slice(0, MAX_CONTEXT_PATHS);
}
