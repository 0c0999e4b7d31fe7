import { terminal, type Program, type Project } from '@cascade/contracts';
import { fileFit } from '@cascade/llm';
import type { FileChange } from '@cascade/programs';
import type { Plan } from './graph-state.js';
import type { Texts } from './test-bench.js';

/** One unit of execution with everything that its prompts may hold. */
export interface WorkUnit {
  readonly project: Project;
  /** The code task's or chore's program. */
  readonly lead: Program;
  /** Programs of its test tasks, in the order in which they are written. */
  readonly tests: readonly Program[];
  /** The story that it belongs to, in words. */
  readonly story?: string | undefined;
  readonly attempt: number;
  /** Texts at the base commit of every file that the unit may write or read. */
  readonly base: Texts;
  /** What the documentation graph says of code that its prompts do not show; absent where it was not needed. */
  readonly elsewhere?: string | undefined;
  /** Why the attempt before was sent back by the merge queue. */
  readonly feedback?: string;
}

/** Prefix of the unit's step names. */
export const unitStep = (taskId: string, attempt: number): string => `task/${taskId}/a${attempt}`;

/** Throws `CASC_TASK_UNKNOWN` (terminal). */
export function programsOfUnit(plan: Plan, taskId: string): { lead: Program; tests: Program[] } {
  const lead = plan.programs.find((program) => program.task.id === taskId);
  if (lead === undefined) throw terminal('CASC_TASK_UNKNOWN', `The plan has no task ${taskId}.`);
  const tests = lead.tests.map((id) => plan.programs.find((program) => program.task.id === id));
  return { lead, tests: tests.filter((program) => program !== undefined) };
}

/** A story as somebody who reads a commit should know it. */
export function storyInWords({ stories }: Plan, storyId: string | undefined): string | undefined {
  const story = stories.find(({ id }) => id === storyId);
  if (story === undefined) return undefined;
  return [`${story.id} ${story.title}: as ${story.asA}, I want ${story.iWant}, so that ${story.soThat}`, ...story.criteria.map(({ id, given, when, then }) => `AC${id}: given ${given}, when ${when}, then ${then}`)].join('\n');
}

export const ownPaths = (unit: Pick<WorkUnit, 'lead' | 'tests'>): string[] => [...new Set([unit.lead, ...unit.tests].flatMap((program) => program.allowedPaths))];
export const readPaths = (unit: Pick<WorkUnit, 'lead' | 'tests'>): string[] => [...new Set([unit.lead, ...unit.tests].flatMap((program) => [...program.allowedPaths, ...program.contextPaths]))];

/** Files as a prompt's value, in the order of `paths`; those that are not there are left out. */
export const asFiles = (paths: readonly string[], texts: Texts): FileChange[] =>
  paths.flatMap((path) => { const text = texts[path]; return text === undefined ? [] : [{ kind: 'whole' as const, path, text }]; });

/** Bound of the files that a prompt shows only to be read, in characters. */
export const MAX_CONTEXT_CHARS = 80_000;

/** As `asFiles`, for files that are only read: one that does not fit any more is named with its size, and never cut. */
export function asContext(paths: readonly string[], texts: Texts): FileChange[] {
  const { shown } = contextFit(paths, texts);
  return asFiles(paths, texts).map((file) => (file.kind !== 'whole' || shown.includes(file.path) ? file : { ...file, text: `(not shown: ${file.text.length} characters are too many)\n` }));
}

/** Which of the files that are only read are shown, and which do not fit. */
export function contextFit(paths: readonly string[], texts: Texts): { readonly shown: string[]; readonly left: string[] } {
  return fileFit(paths.flatMap((path) => { const text = texts[path]; return text === undefined ? [] : [{ path, text }]; }), MAX_CONTEXT_CHARS);
}
