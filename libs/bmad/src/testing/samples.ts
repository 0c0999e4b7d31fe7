import type { Epic, Story } from '@cascade/contracts';

/** An epic and two stories that pass every validator without a finding. */
export const sampleEpic: Epic = {
  id: 1, title: 'Discount codes', goal: 'Shoppers pay less with a code.', background: 'The cart has no discounts.',
  requirements: [{ id: 'FR1', text: 'The cart accepts the code SAVE10.' }, { id: 'FR2', text: 'The receipt shows the discount.' }],
};

const first: Story = {
  id: '1.1', title: 'Apply a code', asA: 'shopper', iWant: 'to enter SAVE10', soThat: 'I pay 10 % less',
  criteria: [
    { id: 1, given: 'a cart with a total of 100', when: 'the code SAVE10 is applied', then: 'the total is 90' },
    { id: 2, given: 'a cart with a total of 100', when: 'the code NOPE is applied', then: 'an error "unknown code" is thrown' },
  ],
  requirements: ['FR1'], dependsOn: [],
  tasks: [{ title: 'Add applyCode to the cart', criteria: [1, 2] }],
  devNotes: [{ note: 'Totals are kept in cents.', source: 'src/cart.js#L1-L4' }],
  risks: [{ id: 'DATA-001', title: 'Rounding', description: 'Cents are lost.', probability: 2, impact: 2, mitigation: 'Round half up in one place.' }],
  scenarios: [
    { id: '1.1-UNIT-001', criterion: 1, level: 'unit', priority: 'P0', description: 'SAVE10 on 100 gives 90', mitigates: ['DATA-001'] },
    { id: '1.1-UNIT-002', criterion: 2, level: 'unit', priority: 'P1', description: 'NOPE throws', mitigates: [] },
  ],
};

const second: Story = {
  ...first, id: '1.2', title: 'Show the discount', requirements: ['FR2'], dependsOn: ['1.1'],
  criteria: [{ id: 1, given: 'a cart with SAVE10 applied', when: 'the receipt is printed', then: 'it has the line "Discount -10.00"' }],
  tasks: [{ title: 'Print the discount line', criteria: [1] }], risks: [],
  scenarios: [{ id: '1.2-UNIT-001', criterion: 1, level: 'unit', priority: 'P1', description: 'The receipt has the discount line', mitigates: [] }],
};

export const sampleStories: Story[] = [first, second];
export const sampleFiles = new Map<string, number | undefined>([['src/cart.js', 10], ['README.md', 5]]);

/** The sample with one story changed. */
export const withStory = (index: number, change: Partial<Story>): Story[] => sampleStories.map((story, at) => (at === index ? { ...story, ...change } : story));
