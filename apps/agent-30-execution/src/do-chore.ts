import { terminal, type TaskEvidence } from '@cascade/contracts';
import { refine, type Reward, type Values } from '@cascade/programs';
import { suiteProblems, type Baseline } from './judge.js';
import type { BenchRun } from './test-bench.js';
import type { UnitContext } from './unit-context.js';
import { predictorOf } from './write-tests.js';

/** Answers for a chore until it is given up. */
export const CHORE_ATTEMPTS = 3;

/** Set-up or documentation: files are written, and the suite must be as green as before. Throws `CASC_TASK_NOT_GREEN`. */
export async function doChore(context: UnitContext, baseline: Baseline): Promise<TaskEvidence> {
  const { lead, feedback } = context.unit;
  const before = context.texts(lead);
  let green: { run: BenchRun; attempt: number } | undefined;
  const reward = async (values: Values, attempt: number): Promise<Reward> => {
    const applied = context.apply(lead, before, values);
    if (!applied.ok) return { score: 0, feedback: applied.problems.map((problem) => `- ${problem}`).join('\n') };
    await context.put({ ...before, ...applied.files });
    const { bench, run } = context.tools;
    const suite = await run.step(context.step(`chore/${attempt}/suite`), () => bench.run({ locked: {}, signal: run.signal }));
    await context.restore();
    const problems = suiteProblems(baseline, suite, []);
    if (problems.length > 0) return { score: 0.5, feedback: `${problems.map((problem) => `- ${problem}`).join('\n')}\n\n${suite.feedback}` };
    green = { run: suite, attempt };
    return { score: 1 };
  };
  await context.tell(lead, 'implementing', lead.task.title);
  const result = await refine(predictorOf(lead), { attempts: CHORE_ATTEMPTS, reward, inputs: () => context.inputs(lead, before), context: context.prediction('chore', {}) }, feedback);
  if (green === undefined) {
    await context.tell(lead, 'failed', 'breaks the test suite');
    throw terminal('CASC_TASK_NOT_GREEN', `${lead.task.id} (${lead.task.title}) could not be done in ${result.attempts} attempts.`, {
      findings: (result.feedback ?? '').split('\n').filter((line) => line.trim() !== '').slice(0, 60), advice: 'Use a more capable model, or ask for smaller steps.',
    });
  }
  return { redTests: [], lockedTests: {}, attempts: green.attempt, report: green.run.report };
}
