import type { Constraint, Predictor, Program, ProgramField, ProgramInterface, SpecTask, Story, TestPlan } from '@cascade/contracts';
import { parseProgram } from '@cascade/programs';
import { contextPaths } from './context-paths.js';
import { choreInstructions, codeInstructions, testInstructions, type TaskBrief } from './instructions.js';
import type { ExportDesign, TaskDesign } from './story-design.js';
import { unitOf } from './story-groups.js';

/** Runs of the code until the task is given up: the first and three repairs (most of the gain is in the first two). */
export const CODE_ATTEMPTS = 4;

export interface AssemblyInput {
  readonly stories: readonly Story[];
  readonly tasks: readonly SpecTask[];
  readonly plan: TestPlan;
  readonly repositoryFiles: ReadonlySet<string>;
  /** Designs of all code tasks, by task id. */
  readonly designs: ReadonlyMap<string, TaskDesign>;
  readonly specHash: string;
}

const field = (name: string, description: string, kind: 'string' | 'files', optional = false): ProgramField => ({ name, description, type: { kind }, ...(optional ? { optional } : {}) });
const task = field('task', 'The task\'s line in tasks.md.', 'string');
const current = field('current', 'The files of this task as they are now.', 'files');
const context = field('context', 'Other files of the repository, to read.', 'files');
const files = field('files', 'The files, as sections.', 'files');

function constraints(paths: readonly string[], predicate: 'soundTests' | 'honestSource' | undefined): Constraint[] {
  return [
    { id: 'some-file', field: 'files', op: 'minItems', value: 1, message: 'Give at least one file', severity: 'assert' },
    { id: 'allowed-paths', field: 'files', op: 'everyPathIn', paths: [...paths], message: 'Write only the files of this task', severity: 'assert' },
    ...(predicate === undefined ? [] : [{ id: 'host-check', field: 'files', op: 'host' as const, name: predicate, message: 'Not acceptable', severity: 'assert' as const }]),
  ];
}

function predictorFor(brief: TaskBrief): Predictor {
  const { paths } = brief.task;
  switch (brief.task.kind) {
    case 'test': return {
      name: 'writeTests', strategy: 'chainOfThought', demos: [], constraints: constraints(paths, 'soundTests'),
      signature: { name: 'WriteTests', instructions: testInstructions(brief), inputs: [task, current, context], outputs: [files] },
    };
    case 'code': return {
      name: 'implement', strategy: 'chainOfThought', demos: [], constraints: constraints(paths, 'honestSource'),
      signature: {
        name: 'Implement', instructions: codeInstructions(brief),
        inputs: [task, field('tests', 'The tests that must pass; read-only.', 'files'), current, context],
        outputs: [files, field('testDispute', 'Only if a test contradicts an acceptance criterion: which test, which criterion, why.', 'string', true)],
      },
    };
    case 'chore': return {
      name: 'writeFiles', strategy: 'predict', demos: [], constraints: constraints(paths, undefined),
      signature: { name: 'WriteFiles', instructions: choreInstructions(brief), inputs: [task, current, context], outputs: [files] },
    };
  }
}

const toInterface = (item: ExportDesign): ProgramInterface => ({
  path: item.path, name: item.name, kind: item.kind, signature: item.signature.trim(), methods: [...item.methods],
  behaviour: item.behaviour.map((behaviour) => `AC${behaviour.criterion}: ${behaviour.text.trim()}`),
});

/** One task's program. Throws `CASC_PROGRAM_INVALID` when what the parts give together is not one. */
export function assembleProgram(specTask: SpecTask, input: AssemblyInput): Program {
  const [lead = specTask] = unitOf(specTask, input.tasks);
  const design = input.designs.get(lead.id);
  const story = input.stories.find((candidate) => candidate.id === specTask.storyId);
  const brief: TaskBrief = {
    task: specTask, plan: input.plan, repositoryFiles: input.repositoryFiles, ...(story === undefined ? {} : { story }),
    interface: design?.exports.map(toInterface) ?? [],
    notes: (specTask.kind === 'test' ? design?.testNotes : specTask.kind === 'code' ? design?.implementerNotes : undefined)?.trim() ?? '',
  };
  const predictor = predictorFor(brief);
  return parseProgram({
    format: 'cascade-program/1', id: specTask.id.toLowerCase(), task: specTask, ...(specTask.storyId === undefined ? {} : { storyId: specTask.storyId }),
    predictors: [predictor],
    module: specTask.kind === 'code' ? { kind: 'refine', predictor: predictor.name, attempts: CODE_ATTEMPTS, reward: 'lockedTestsPass' } : { kind: 'single', predictor: predictor.name },
    allowedPaths: specTask.paths,
    contextPaths: contextPaths(specTask, design?.contextPaths ?? [], input.tasks, input.repositoryFiles, input.plan),
    interface: [...brief.interface], dependsOn: specTask.dependsOn, tests: specTask.tests, parallel: specTask.parallel,
    tddRequired: specTask.kind !== 'chore', specHash: input.specHash,
  } satisfies Program);
}

export const taskLine = (specTask: SpecTask): string => `${specTask.id} ${specTask.title} (${specTask.paths.join(', ')})`;
