import type { Design, Draft } from '../team/turns.js';

/** A small repository, and what a good team answers to the request below. */
export const sampleRepository: Readonly<Record<string, string>> = {
  'README.md': '# shop\n\nA cart.\n',
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/cart.js': 'export function total(cart) {\n  return cart.items.reduce((sum, item) => sum + item.cents, 0);\n}\n',
  'test/cart.test.js': 'import { test } from \'node:test\';\nimport { total } from \'../src/cart.js\';\n\ntest(\'adds up\', () => total({ items: [] }));\n',
  'docs/stories/0.9.old.md': '# written by an earlier run\n',
  'package-lock.json': '{}\n',
};

export const sampleRequest = 'A cart with the code SAVE10 costs 10 % less, and `format` shows its total with two decimals.';

export const briefAnswer = {
  goal: 'Carts take a discount code and show their total.', values: ['A code makes a cart cheaper.', 'A total is shown with two decimals.'],
  limits: ['No other codes.'], assumptions: ['Cents are rounded half up.'], questions: [] as string[], end: 'END',
};

const draft: Omit<Draft, 'kind'> = {
  title: 'Discount codes', goal: 'Carts take a discount code.', background: 'The cart adds up items only.',
  requirements: [{ id: 'FR1', text: 'The code `SAVE10` takes 10 % off.' }, { id: 'FR2', text: '`format` shows two decimals.' }],
  stories: [
    {
      number: 1, title: 'Apply a code', asA: 'shopper', iWant: 'to enter a code', soThat: 'I pay less', requirements: ['FR1'],
      criteria: [
        { id: 1, given: 'a cart of 100.00', when: 'the code `SAVE10` is applied', then: 'the total is 90.00' },
        { id: 2, given: 'a cart of 100.00', when: 'the code `NOPE` is applied', then: 'a RangeError `unknown code: NOPE` is thrown' },
      ],
    },
    {
      number: 2, title: 'Show the total', asA: 'shopper', iWant: 'to see the total', soThat: 'I know what I pay', requirements: ['FR2'],
      criteria: [{ id: 1, given: 'a cart of 1290 cents', when: '`format` is called', then: 'the text is `12.90`' }],
    },
  ],
  note: 'Two independent values.',
};
export const draftAnswer = { ...draft, end: 'END' };

const design: Omit<Design, 'kind'> = {
  stories: [
    {
      number: 1, dependsOn: [], tasks: [{ title: 'Add `applyCode` to src/cart.js', criteria: [1, 2] }],
      devNotes: [{ note: 'Amounts are cents.', source: 'src/cart.js#L1-L3' }],
      risks: [{ id: 'DATA-001', title: 'Rounding', description: 'Cents get lost.', probability: 2, impact: 2, mitigation: 'Round in one place.' }],
      scenarios: [
        { criterion: 1, level: 'unit', priority: 'P0', description: '`SAVE10` on 100.00 gives 90.00', mitigates: ['DATA-001'] },
        { criterion: 2, level: 'unit', priority: 'P1', description: '`NOPE` throws', mitigates: [] },
      ],
    },
    {
      number: 2, dependsOn: [], tasks: [{ title: 'Add `format` in src/format.js', criteria: [1] }], devNotes: [{ note: 'Amounts are cents.', source: 'src/cart.js#L2' }], risks: [],
      scenarios: [{ criterion: 1, level: 'unit', priority: 'P1', description: '1290 gives `12.90`', mitigates: [] }],
    },
  ],
  objections: [], note: 'Small steps.',
};
export const designAnswer = { ...design, end: 'END' };

export const approval = {
  verdict: 'approve', changes: [] as string[], sendTo: 'team', end: 'END',
  stories: [{ number: 1, verdict: 'approve', reason: 'As requested.' }, { number: 2, verdict: 'approve', reason: 'As requested.' }],
};
export const revision = (sendTo: string, change: string): object => ({
  ...approval, verdict: 'revise', sendTo, changes: [change], stories: [{ number: 1, verdict: 'revise', reason: 'Not yet.' }, { number: 2, verdict: 'approve', reason: 'As requested.' }],
});

/** The plan with story 1 changed. */
export const designWith = (change: Partial<Design['stories'][number]>): typeof designAnswer =>
  ({ ...designAnswer, stories: designAnswer.stories.map((story) => (story.number === 1 ? { ...story, ...change } : story)) });

export const criticalRisk = [{ id: 'SEC-001', title: 'Anybody can delete everything', description: 'No check at all.', probability: 3, impact: 3, mitigation: 'A log is written.' }];
