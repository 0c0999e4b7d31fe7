import type { Program } from '@cascade/contracts';
import type { UnitContext } from './unit-context.js';
import { writeTests, type LockedTests } from './write-tests.js';

/**
 * Puts an implementer's dispute to the author of the tests that it names (or of all, when it names none), who keeps or
 * corrects them. Corrected tests need a new red proof and get a commit of their own; the code does not judge its tests.
 */
export async function settleDispute(context: UnitContext, lead: Program, dispute: string, locked: readonly LockedTests[]): Promise<LockedTests[]> {
  const named = locked.filter((tests) => tests.program.allowedPaths.some((path) => dispute.includes(path)) || tests.red.some((id) => dispute.includes(id.split(' > ').at(-1) ?? id)));
  const code = context.texts(lead);
  await context.putOriginal(lead); // a red proof against code that may be right would prove nothing
  const settled: LockedTests[] = [];
  for (const tests of locked) {
    if (named.length > 0 && !named.includes(tests)) {
      settled.push(tests);
      continue;
    }
    const { id } = tests.program.task;
    await context.tell(tests.program, 'writing-tests', 'is disputed by the implementer');
    const again = await writeTests(context, tests.program, lead, `dispute/${id}`, hintOf(dispute));
    if (JSON.stringify(again.texts) !== JSON.stringify(tests.texts)) await context.commit('test', tests.program, `dispute/${id}`, 'Corrected after the implementer disputed a test.');
    settled.push(again);
  }
  await context.put(code);
  return settled;
}

const hintOf = (dispute: string): string => [
  'The implementer says that a test under `current` contradicts an acceptance criterion:',
  `<<<\n${dispute.slice(0, 4000)}\n>>>`,
  'Compare it with the acceptance criteria and the interface. If it is right, correct the test; if not, keep your tests. Answer with the complete files either way. Do not weaken what the criteria ask for.',
].join('\n');
