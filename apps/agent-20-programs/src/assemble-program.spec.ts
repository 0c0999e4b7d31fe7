import { describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { assembleProgram, type AssemblyInput } from './assemble-program.js';
import { importLine } from './conventions.js';
import { designProblems, type TaskDesign } from './story-design.js';
import { ancestors, storyGroups } from './story-groups.js';
import { design, good, plan, repositoryFiles, story, tasks } from './testing/sample-spec.js';

const files = new Set(Object.keys(repositoryFiles));
const [group] = storyGroups([story], tasks);
const problems = (designs: TaskDesign[]): string[] => designProblems({ tasks: designs }, group!, { tasks, repositoryFiles: files });
const input: AssemblyInput = { stories: [story], tasks, plan, repositoryFiles: files, designs: new Map(good.map((entry) => [entry.taskId, entry])), specHash: 'a'.repeat(64) };
const programOf = (id: string) => assembleProgram(tasks.find((candidate) => candidate.id === id)!, input);

describe('designProblems', () => {
  it('takes a complete design', () => expect(problems(good)).toEqual([]));

  it('wants every code task once, and no other', () => {
    expect(problems([good[0]!, good[0]!, good[2]!, design('T001', 'test/coupon.test.js', 'x', [1])])).toEqual([
      'T004 has no entry; every code task needs one.', 'T002 has two entries; give one.', 'T001 is not a code task of this story; only T002, T004, T006 are.',
    ]);
  });

  it('wants exports in the task\'s own files, with valid names, for every criterion', () => {
    expect(problems([design('T002', 'src/cart.js', 'a b', [3]), ...good.slice(1)])).toEqual([
      'T002 has no behaviour for acceptance criterion 1.', 'T002 has no behaviour for acceptance criterion 2.',
      'T002, export "a b": a name has letters, digits and _ only.',
      'T002, export "a b": its path "src/cart.js" is not one of the task\'s own paths (src/coupon.js).',
      'T002, export "a b": criterion 3 is not one of the task\'s criteria (1, 2).',
    ]);
  });

  it('refuses context that is missing, outside, or written at the same time', () => {
    const withContext = (path: string): string[] => problems([good[0]!, design('T004', 'src/cart.js', 'total', [1], [path]), good[2]!]);
    expect(withContext('src/none.js')).toEqual(['T004: the context path "src/none.js" is neither a file of the repository nor written by an earlier task.']);
    expect(withContext('../secret')[0]).toContain('must not contain empty');
    expect(withContext('src/tax.js')).toHaveLength(1);
    expect(problems([good[0]!, good[1]!, design('T006', 'src/tax.js', 'tax', [1], ['src/cart.js'])])).toEqual(['T006: the context path "src/cart.js" is written by T004, which may run at the same time.']);
  });
});

describe('assembleProgram', () => {
  it('lets the test author see the interface and never the implementer\'s notes', () => {
    const { predictors: [predictor], module, tddRequired, allowedPaths } = programOf('T001');
    expect(predictor).toMatchObject({ name: 'writeTests', strategy: 'chainOfThought' });
    expect(predictor!.signature.instructions).toContain('AC1: Given a cart of 20 EUR, when SAVE10 is applied, then the total is 18 EUR');
    expect(predictor!.signature.instructions).toContain("import { applyCoupon } from '../src/coupon.js';");
    expect(predictor!.signature.instructions).toContain('TEST NOTE');
    expect(predictor!.signature.instructions).not.toContain('IMPLEMENTER NOTE');
    expect({ module, tddRequired, allowedPaths }).toEqual({ module: { kind: 'single', predictor: 'writeTests' }, tddRequired: true, allowedPaths: ['test/coupon.test.js'] });
  });

  it('refines code against the locked tests and lets it write its own files only', () => {
    const program = programOf('T004');
    expect(program.module).toEqual({ kind: 'refine', predictor: 'implement', attempts: 4, reward: 'lockedTestsPass' });
    expect(program.predictors[0]!.constraints).toContainEqual(expect.objectContaining({ op: 'everyPathIn', paths: ['src/cart.js'], severity: 'assert' }));
    expect(program.contextPaths).toEqual(['src/coupon.js']);
    expect(program.interface[0]!.behaviour).toEqual(['AC1: does 1']);
  });

  it('shows a chore what earlier tasks wrote, and asks no tests of it', () => {
    expect(programOf('T007')).toMatchObject({ tddRequired: false, module: { kind: 'single', predictor: 'writeFiles' }, contextPaths: ['src/coupon.js', 'src/cart.js', 'src/tax.js', 'package.json'] });
  });

  it('gives the same program for the same input', () => expect(programOf('T002')).toEqual(programOf('T002')));
});

describe('surroundings', () => {
  it('counts a unit\'s tests and what it depends on as done before', () => {
    expect(ancestors(tasks[3]!, tasks)).toEqual(['T001', 'T002']);
    expect(ancestors(tasks[6]!, tasks)).toEqual(['T001', 'T002', 'T003', 'T004', 'T005', 'T006']);
    expect(ancestors(tasks[4]!, tasks)).toEqual(['T001', 'T002']);
    expect(ancestors(tasks[0]!, tasks)).toEqual([]);
  });

  it('works out import lines for each kind of repository', () => {
    const line = (over: Partial<TestPlan>, from: string, path: string, present: string[] = []): string => importLine({ ...plan, ...over }, from, { path, name: 'f' }, new Set(present));
    expect(line({ moduleSystem: 'commonjs' }, 'test/a/b.test.js', 'src/x.js')).toBe("const { f } = require('../../src/x.js');");
    expect(line({ typescript: true, runner: 'vitest' }, 'src/x.test.ts', 'src/x.ts')).toBe("import { f } from './x';");
    expect(line({ typescript: true, runner: 'vitest', importEnding: '.js' }, 'src/x.test.ts', 'src/x.tsx')).toBe("import { f } from './x.js';");
    expect(line({ typescript: true, importEnding: '' }, 'src/x.test.ts', 'src/x.ts')).toBe("import { f } from './x';");
    expect(line({ typescript: true }, 'test/x.test.ts', 'src/x.ts')).toBe("import { f } from '../src/x.ts';");
    const python: Partial<TestPlan> = { ecosystem: 'python', runner: 'pytest', moduleSystem: 'python' };
    expect(line(python, 'tests/test_x.py', 'shop/cart.py')).toBe('from shop.cart import f');
    expect(line(python, 'tests/test_x.py', 'src/shop/cart.py')).toBe('from shop.cart import f');
    expect(line(python, 'tests/test_x.py', 'src/shop/cart.py', ['src/__init__.py'])).toBe('from src.shop.cart import f');
    expect(line(python, 'tests/test_x.py', 'shop/__init__.py')).toBe('from shop import f');
  });
});
