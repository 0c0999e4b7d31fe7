import { terminal, type Predictor, type Program } from '@cascade/contracts';
import { isFileChanges, refine, type HostPredicates, type Reward, type Values } from '@cascade/programs';
import { criterionOf } from './story-gate.js';
import type { RedProof, Texts } from './test-bench.js';
import type { UnitContext } from './unit-context.js';

/** Answers of a test author until its tests are given up: the first and two repairs. */
export const TEST_ATTEMPTS = 3;

/** Tests that are proved red and can no longer be changed by anybody but their author. */
export interface LockedTests {
  readonly program: Program;
  readonly texts: Texts;
  readonly red: readonly string[];
}

export const predictorOf = (program: Program): Predictor => {
  const predictor = program.predictors.find((candidate) => candidate.name === program.module.predictor);
  if (predictor === undefined) throw terminal('CASC_PROGRAM_INVALID', `Program ${program.id} names the unknown predictor ${program.module.predictor}.`);
  return predictor;
};

/**
 * Lets a test task's program write its tests until they are red for the right reason. Their author sees criteria,
 * interface and existing files, never the implementation. `name` distinguishes step names; `firstHint` is a dispute.
 * Throws `CASC_TESTS_NOT_RED` (terminal) with what was wrong with the last ones.
 */
export async function writeTests(context: UnitContext, program: Program, lead: Program, name: string, firstHint?: string): Promise<LockedTests> {
  let proof: RedProof | undefined;
  const reward = async (values: Values, attempt: number): Promise<Reward> => {
    const judged = await tryTests(context, program, lead, values, `${name}/${attempt}`);
    if ('red' in judged) proof = judged;
    return 'red' in judged ? { score: 1 } : { score: 0, feedback: feedbackOf(judged.findings) };
  };
  const result = await refine(predictorOf(program), {
    attempts: TEST_ATTEMPTS, reward,
    inputs: () => context.inputs(program, context.texts(program)),
    context: context.prediction(name, { soundTests: soundTests(context) }),
  }, firstHint);
  if (proof === undefined) {
    await context.tell(program, 'failed', 'has no usable tests');
    throw terminal('CASC_TESTS_NOT_RED', `The tests of ${program.task.id} were not usable after ${result.attempts} attempts.`, {
      findings: (result.feedback ?? '').split('\n').filter((line) => line !== '').slice(0, 50), advice: 'Make the acceptance criteria more precise, or use a more capable model.',
    });
  }
  return { program, texts: context.texts(program), red: proof.red };
}

type Judged = { readonly red: readonly string[]; readonly findings: readonly [] } | { readonly findings: readonly string[] };

async function tryTests(context: UnitContext, program: Program, lead: Program, values: Values, name: string): Promise<Judged> {
  const applied = context.apply(program, context.texts(program), values);
  if (!applied.ok) return { findings: applied.problems };
  await context.put(applied.files);
  const texts = context.texts(program);
  const early = [
    ...program.allowedPaths.filter((path) => texts[path] === undefined).map((path) => `${path} is missing; write every file of the task.`),
    ...lostTests(context.passedBefore, texts),
    ...context.tools.bench.lint(texts),
  ];
  if (early.length > 0) return { findings: early };
  const { bench, run } = context.tools;
  const proof = await run.step(context.step(`${name}/red`), () => bench.proveRed(texts, {
    interface: lead.interface, sources: context.original(lead), known: context.passedBefore, signal: run.signal,
  }));
  await context.restore();
  // Nothing counts as red while anything is wrong; what is uncovered can be told only afterwards.
  const findings = proof.findings.length > 0 ? proof.findings : uncovered(program, proof.red);
  return findings.length > 0 ? { findings } : { red: proof.red, findings: [] };
}

/** Tests that the author's files held and passed before, and that are no longer in their text. */
function lostTests(passedBefore: readonly string[], texts: Texts): string[] {
  return Object.entries(texts).flatMap(([path, text]) => passedBefore
    .filter((id) => id.startsWith(`${path} > `)).map((id) => id.split(' > ').at(-1) ?? id).filter((title) => !text.includes(title))
    .map((title) => `${path}: the existing test ${JSON.stringify(title)} is gone; keep the tests that are there.`));
}

/** Criteria of the task that no red test names; a task with one criterion needs no names. */
function uncovered(program: Program, red: readonly string[]): string[] {
  if (program.task.criteria.length < 2) return red.length > 0 ? [] : ['No test fails for want of the behaviour.'];
  const named = new Set(red.map(criterionOf));
  return program.task.criteria.filter((criterion) => !named.has(criterion)).map((criterion) => `No failing test has a name that begins with AC${criterion}: each acceptance criterion needs a test that fails while it is not met.`);
}

const feedbackOf = (findings: readonly string[]): string => `The tests that you wrote, as shown under \`current\`, were checked and run against stand-ins that do not have the behaviour:\n${findings.slice(0, 20).map((finding) => `- ${finding}`).join('\n')}`;

const soundTests = (context: UnitContext): HostPredicates[string] => (value) => {
  if (!isFileChanges(value)) return true;
  const whole = Object.fromEntries(value.flatMap((change) => (change.kind === 'whole' ? [[change.path, change.text] as const] : [])));
  const problems = context.tools.bench.lint(whole);
  return problems.length === 0 ? true : problems.slice(0, 20).join('; ');
};
