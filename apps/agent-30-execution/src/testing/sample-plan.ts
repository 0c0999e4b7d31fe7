import type { Program, SpecTask, Story } from '@cascade/contracts';
import type { Plan } from '../graph-state.js';

export const SHA = (digit: number | string): string => String(digit).repeat(40).slice(0, 40);

export function sampleTask(id: string, kind: SpecTask['kind'], more: Partial<SpecTask> = {}): SpecTask {
  return { id, kind, phase: 'story', storyId: '1.1', parallel: false, title: `Do ${id}`, paths: [`src/${id}.js`], criteria: kind === 'chore' ? [] : [1], dependsOn: [], tests: [], ...more };
}

export function sampleProgram(task: SpecTask, more: Partial<Program> = {}): Program {
  const name = { test: 'writeTests', code: 'implement', chore: 'writeFiles' }[task.kind];
  const field = (fieldName: string, kind: 'string' | 'files') => ({ name: fieldName, description: fieldName, type: { kind } });
  const inputs = [field('task', 'string'), field('current', 'files'), field('context', 'files')];
  return {
    format: 'cascade-program/1', id: task.id.toLowerCase(), task, ...(task.storyId === undefined ? {} : { storyId: task.storyId }),
    predictors: [{
      name, strategy: 'predict', demos: [],
      constraints: [
        { id: 'paths', field: 'files', op: 'everyPathIn', paths: task.paths, message: 'Write only the files of this task', severity: 'assert' },
        ...(task.kind === 'chore' ? [] : [{ id: 'host', field: 'files', op: 'host' as const, name: task.kind === 'test' ? 'soundTests' : 'honestSource', message: 'Not acceptable', severity: 'assert' as const }]),
      ],
      signature: {
        name: 'Answer', instructions: `Do ${task.id}.`, inputs: task.kind === 'code' ? [...inputs, field('tests', 'files')] : inputs,
        outputs: [field('files', 'files'), ...(task.kind === 'code' ? [{ ...field('testDispute', 'string'), optional: true }] : [])],
      },
    }],
    module: task.kind === 'code' ? { kind: 'refine', predictor: name, attempts: 4, reward: 'lockedTestsPass' } : { kind: 'single', predictor: name },
    allowedPaths: task.paths, contextPaths: [], interface: [], dependsOn: task.dependsOn, tests: task.tests, parallel: task.parallel, tddRequired: task.kind !== 'chore', specHash: 'a'.repeat(64),
    ...more,
  };
}

export function sampleStory(id: string, more: Partial<Story> = {}): Story {
  return {
    id, title: `Story ${id}`, asA: 'user', iWant: 'it', soThat: 'it helps', requirements: ['FR1'], dependsOn: [], tasks: [{ title: 't', criteria: [1] }], devNotes: [], risks: [],
    criteria: [{ id: 1, given: 'g', when: 'w', then: 't' }], scenarios: [{ id: `${id}-UNIT-001`, criterion: 1, level: 'unit', priority: 'P0', description: 'd', mitigates: [] }], ...more,
  };
}

export function samplePlan(programs: Program[], stories: Story[]): Plan {
  return {
    project: {
      request: 'Add it', repositoryId: 'shop-1', repositoryName: 'shop', branch: 'main', baseSha: SHA(1), epicId: 1, epicName: 'coupons', clarifications: 'assume',
      testPlan: { ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test/' },
    },
    epic: { id: 1, title: 'Coupons', goal: 'g', background: 'b', requirements: [{ id: 'FR1', text: 'it works' }] },
    stories, featureDirectory: 'specs/001-coupons', programs, integrationSha: SHA(2),
  };
}
