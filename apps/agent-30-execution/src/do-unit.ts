import type { TaskEvidence } from '@cascade/contracts';
import { doChore } from './do-chore.js';
import { Implementation } from './implement.js';
import { settleDispute } from './settle-dispute.js';
import { UnitContext, type UnitTools } from './unit-context.js';
import type { WorkUnit } from './work-unit.js';
import { writeTests, type LockedTests } from './write-tests.js';

export interface DoneUnit {
  readonly commitSha: string;
  readonly evidence: TaskEvidence;
}

const documentation = /\.(?:md|markdown|rst|txt|adoc)$/i;

/**
 * One unit of execution from its base commit to its last commit, test-first: the tests of each test task, red and
 * committed; then the code, green and committed. A chore is its files and a suite that stays green.
 *
 * Everything that costs or runs is a step; between steps the workspace is made what the steps' results say, so a unit
 * that a crash interrupted goes on where it was, in the same or in a new checkout.
 */
export async function doUnit(unit: WorkUnit, tools: UnitTools): Promise<DoneUnit> {
  const context = new UnitContext(unit, tools);
  const { lead } = unit;
  await context.restore();
  const baseline = await tools.run.step(context.step('baseline'), () => tools.bench.run({ locked: {}, signal: tools.run.signal }));
  context.passedBefore = baseline.passed;
  if (lead.task.kind === 'chore') {
    const evidence = await doChore(context, baseline);
    const commitSha = await context.commit(lead.allowedPaths.every((path) => documentation.test(path)) ? 'docs' : 'chore', lead, lead.task.id);
    await context.tell(lead, 'green', `${lead.task.title}: done, suite green`);
    return { commitSha, evidence };
  }
  const locked: LockedTests[] = [];
  const testTasks: NonNullable<TaskEvidence['testTasks']> = {};
  for (const program of unit.tests) {
    await context.tell(program, 'writing-tests', program.task.title);
    const tests = await writeTests(context, program, lead, `tests/${program.task.id}`);
    testTasks[program.task.id] = { commitSha: await context.commit('test', program, program.task.id), red: tests.red.length };
    await context.tell(program, 'red', `${tests.red.length} tests are red and locked`);
    locked.push(tests);
  }
  const evidence = await new Implementation(context, locked, baseline, (dispute, tests) => settleDispute(context, lead, dispute, tests)).run();
  const commitSha = await context.commit('feat', lead, lead.task.id);
  await context.tell(lead, 'green', `${evidence.redTests.length} tests went from red to green in ${evidence.attempts} ${evidence.attempts === 1 ? 'run' : 'runs'}`);
  return { commitSha, evidence: { ...evidence, testTasks } };
}
