import type { DataOf, Epic, Story, storiesApproved, TestPlan } from '@cascade/contracts';
import type { SpSpecification, SpTaskList } from '@cascade/llm';
import type { FeatureFacts } from '../assemble-documents.js';

/** A small shop whose carts get discounts: two stories, the second builds on the first. For tests. */
export const repositoryFiles: Readonly<Record<string, string>> = {
  'package.json': '{"name": "shop", "type": "module"}\n',
  'README.md': '# Shop\n',
  'src/cart.js': 'export const total = (items) => items.reduce((sum, item) => sum + item.cents, 0);\n',
  'src/index.js': 'export { total } from \'./cart.js\';\n',
  'test/cart.test.js': 'import test from \'node:test\';\n',
};

export const testPlan: TestPlan = {
  ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none',
  testDirectory: 'test/', exampleTest: 'test/cart.test.js',
};

export const epic: Epic = {
  id: 1, title: 'Discount codes', goal: 'Customers pay less with a code.', background: 'The shop has carts with totals.',
  requirements: [{ id: 'FR1', text: 'Codes lower the total.' }, { id: 'FR2', text: 'Unknown codes are refused.' }, { id: 'NFR1', text: 'Money is exact.' }],
};

const base = { asA: 'customer', iWant: 'to enter a code', soThat: 'I pay less', risks: [] };
export const stories: Story[] = [
  {
    ...base, id: '1.1', title: 'Read a code', requirements: ['FR2', 'NFR1'], dependsOn: [],
    criteria: [{ id: 1, given: 'the text TEN', when: 'it is read', then: 'it is a code of 10 percent' }, { id: 2, given: 'a total of 1005', when: '10 percent are taken', then: 'the discount is 101' }],
    tasks: [{ title: 'Read codes', criteria: [1] }, { title: 'Compute percentages', criteria: [2] }],
    devNotes: [{ note: 'Totals are whole cents.', source: 'src/cart.js#L1' }],
    scenarios: [{ id: '1.1-UNIT-001', criterion: 1, level: 'unit', priority: 'P0', description: 'TEN is read', mitigates: [] }],
  },
  {
    ...base, id: '1.2', title: 'Use a code', requirements: ['FR1'], dependsOn: ['1.1'],
    criteria: [{ id: 1, given: 'a cart of 1005', when: 'TEN is used', then: 'the total is 904' }],
    tasks: [{ title: 'Lower the total', criteria: [1] }],
    devNotes: [], scenarios: [{ id: '1.2-UNIT-001', criterion: 1, level: 'unit', priority: 'P0', description: 'TEN lowers the total', mitigates: [] }],
  },
];

/** The data of `stories.approved` for a repository that is opened at this commit. */
export function approved(repositoryId: string, sha: string, clarifications: 'assume' | 'ask' = 'assume'): DataOf<typeof storiesApproved> {
  return {
    project: { request: 'Add discount codes\nto the shop', repositoryId, repositoryName: 'shop', branch: 'main', baseSha: sha, epicId: 1, epicName: 'discount-codes', clarifications, testPlan },
    epic, stories, documents: ['docs/stories/1.1.read-a-code.md'], integrationSha: sha,
  };
}

export const facts: FeatureFacts = { project: approved('shop-0123456789abcdef', 'a'.repeat(40)).project, epic, stories, directory: 'specs/001-discount-codes', created: '2026-02-03' };

export const specificationAnswer: SpSpecification = {
  stories: stories.map((story) => ({ storyId: story.id, description: 'A customer sees the price fall.', why: 'The other story needs it.', independentTest: 'Enter TEN and look at the result.' })),
  edgeCases: ['An unknown code changes nothing and is named in the message.'],
  requirements: [
    { text: 'System MUST lower the total of a cart by the percentage of a known code.', covers: ['FR1'] },
    { text: 'System MUST refuse an unknown code.', covers: ['FR2'] },
  ],
  outcomes: [{ text: 'Every discounted total is exactly right to the cent.', covers: ['NFR1'] }],
  entities: [{ name: 'Code', description: 'What a customer enters.', fields: [{ name: 'percent', type: 'number', description: '1 to 100' }], relationships: [], rules: ['Names are upper case.'], transitions: [] }],
  assumptions: ['One code per cart.'],
  clarifications: [],
  plan: {
    summary: 'A reader of codes and a percentage function, joined by the cart.', language: 'JavaScript (ES modules)', dependencies: 'None', storage: 'None', platform: 'Node', projectType: 'Library',
    performance: 'None beyond the success criteria', constraints: 'Whole cents', scale: 'Small', structureDecision: 'New files in src/ beside src/cart.js.',
  },
  principles: [],
  decisions: [{ topic: 'Rounding', decision: 'Half a cent is rounded up', rationale: 'Criterion 2', alternatives: 'Rounding down loses money', source: 'story 1.1' }],
  contracts: [{ slug: 'discounts', title: 'Discounts', description: 'What the shop exports.', operations: [{ name: 'discount', signature: 'discount(cents, code) -> number', behaviour: ['discount(1005, TEN) is 101'], errors: ['RangeError for an unknown code'] }] }],
  prerequisites: ['Node 20'],
  scenarios: stories.map((story) => ({ storyId: story.id, steps: ['Enter TEN'], expected: 'The price falls by 10 percent.' })),
  end: 'END',
};

const story = (storyId: string) => ({ phase: 'story' as const, storyId });
export const tasksAnswer: SpTaskList = {
  tasks: [
    { id: 'T001', ...story('1.1'), kind: 'test', parallel: true, title: 'Test that codes are read', paths: ['test/code.test.js'], criteria: [1], dependsOn: [], tests: [] },
    { id: 'T002', ...story('1.1'), kind: 'test', parallel: true, title: 'Test percentages', paths: ['test/percent.test.js'], criteria: [2], dependsOn: [], tests: [] },
    { id: 'T003', ...story('1.1'), kind: 'code', parallel: true, title: 'Read codes', paths: ['src/code.js'], criteria: [1], dependsOn: ['T001'], tests: ['T001'] },
    { id: 'T004', ...story('1.1'), kind: 'code', parallel: true, title: 'Compute percentages', paths: ['src/percent.js'], criteria: [2], dependsOn: [], tests: ['T002'] },
    { id: 'T005', ...story('1.2'), kind: 'test', parallel: false, title: 'Test that a code lowers the total', paths: ['test/cart-discount.test.js'], criteria: [1], dependsOn: [], tests: [] },
    { id: 'T006', ...story('1.2'), kind: 'code', parallel: false, title: 'Lower the total and export what is new', paths: ['src/cart.js', 'src/index.js'], criteria: [1], dependsOn: ['T003', 'T004', 'T005'], tests: ['T005'] },
    { id: 'T007', phase: 'polish', storyId: '', kind: 'chore', parallel: false, title: 'Describe discount codes', paths: ['README.md'], criteria: [], dependsOn: ['T006'], tests: [] },
  ],
  end: 'END',
};
