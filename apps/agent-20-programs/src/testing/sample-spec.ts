import type { DataOf, SpecTask, Story, TestPlan, specReady } from '@cascade/contracts';
import type { TaskDesign } from '../story-design.js';

/** A shop that gets coupons: for tests. */
export const repositoryFiles: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module"}\n',
  'README.md': '# Shop\n',
  'src/cart.js': 'export const total = (items) => items.reduce((sum, item) => sum + item.cents, 0);\n',
  'src/money.js': 'export const euros = (cents) => (cents / 100).toFixed(2);\n',
  'test/money.test.js': "import { test } from 'node:test';\nimport assert from 'node:assert/strict';\nimport { euros } from '../src/money.js';\n\ntest('euros', () => assert.equal(euros(5), '0.05'));\n",
};

export const task = (id: string, kind: SpecTask['kind'], path: string, more: Partial<SpecTask> = {}): SpecTask => ({
  id, kind, phase: 'story', storyId: '1.1', parallel: false, title: `Do ${id}`, paths: [path], criteria: kind === 'chore' ? [] : [1], dependsOn: [], tests: [], ...more,
});

export const tasks: SpecTask[] = [
  task('T001', 'test', 'test/coupon.test.js'), task('T002', 'code', 'src/coupon.js', { tests: ['T001'], dependsOn: ['T001'], criteria: [1, 2] }),
  task('T003', 'test', 'test/cart.test.js', { parallel: true }), task('T004', 'code', 'src/cart.js', { tests: ['T003'], dependsOn: ['T003', 'T002'], parallel: true }),
  task('T005', 'test', 'test/tax.test.js', { parallel: true }), task('T006', 'code', 'src/tax.js', { tests: ['T005'], dependsOn: ['T005'], parallel: true }),
  task('T007', 'chore', 'README.md', { dependsOn: ['T004', 'T006'] }),
];

export const story: Story = {
  id: '1.1', title: 'Coupons', asA: 'shopper', iWant: 'a coupon', soThat: 'I pay less', requirements: ['FR1'], dependsOn: [], tasks: [{ title: 't', criteria: [1] }], devNotes: [], risks: [],
  criteria: [{ id: 1, given: 'a cart of 20 EUR', when: 'SAVE10 is applied', then: 'the total is 18 EUR' }, { id: 2, given: 'a cart', when: 'an unknown code is applied', then: 'it is refused' }],
  scenarios: [{ id: '1.1-UNIT-001', criterion: 1, level: 'unit', priority: 'P0', description: 'applies', mitigates: [] }],
};

export const plan: TestPlan = { ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test/', exampleTest: 'test/money.test.js' };

const exported = (path: string, name: string, criteria: number[]): TaskDesign['exports'][number] => ({ path, name, kind: 'function', signature: `${name}(x) -> y`, behaviour: criteria.map((criterion) => ({ criterion, text: `does ${criterion}` })), methods: [] });
export const design = (taskId: string, path: string, name: string, criteria: number[], contextPaths: string[] = []): TaskDesign => ({ taskId, exports: [exported(path, name, criteria)], contextPaths, implementerNotes: 'IMPLEMENTER NOTE', testNotes: 'TEST NOTE' });
export const good = [design('T002', 'src/coupon.js', 'applyCoupon', [1, 2], ['src/money.js']), design('T004', 'src/cart.js', 'total', [1], ['src/coupon.js']), design('T006', 'src/tax.js', 'tax', [1])];

/** The data of `spec.ready` for a repository that is opened at this commit. */
export const specified = (repositoryId: string, sha: string, integrationSha: string): DataOf<typeof specReady> => ({
  project: { request: 'Add coupons', repositoryId, repositoryName: 'shop', branch: 'main', baseSha: sha, epicId: 1, epicName: 'coupons', clarifications: 'assume', testPlan: plan },
  epic: { id: 1, title: 'Coupons', goal: 'g', background: 'b', requirements: [{ id: 'FR1', text: 'it works' }] },
  stories: [story], featureDirectory: 'specs/001-coupons', tasks, integrationSha,
});
