import { terminal, type TaskEvidence } from '@cascade/contracts';
import { refine, sha256, type Reward, type Values } from '@cascade/programs';
import { CANARY, withCanary } from './canary.js';
import { honestSource } from './honest-source.js';
import { lockedProblems, redScore, suiteProblems, type Baseline } from './judge.js';
import type { BenchRun, Texts } from './test-bench.js';
import type { UnitContext } from './unit-context.js';
import { asFiles } from './work-unit.js';
import { predictorOf, type LockedTests } from './write-tests.js';

/** Attempts from the original files after the first ones came to nothing. */
export const FRESH_ATTEMPTS = 2;

export type SettleDispute = (dispute: string, locked: readonly LockedTests[]) => Promise<readonly LockedTests[]>;

interface Standing {
  readonly texts: Texts;
  readonly score: number;
  readonly feedback: string;
}

/** One run, judged; the score is below 1 whatever it is, because only a run without problems ends the work. */
interface Outcome {
  readonly run: BenchRun;
  readonly problems: readonly string[];
  readonly score: number;
}

/**
 * Writes code until the locked tests are green.
 *
 * States: `repairing` (the first attempt and its repairs, each on the best code so far) → green, or → `fresh` when the
 * attempts are used up or two runs in a row fail in the same way (a repair that changes nothing leads nowhere): again
 * from the original files, with a digest of what failed → green, or `CASC_TASK_NOT_GREEN`. Code that passes fewer tests
 * than the best is taken back. The tests are restored before each run; a dispute goes to their author once.
 */
export class Implementation {
  private best: Standing | undefined;
  private readonly original: Texts;
  private lastSignature: string | undefined;
  private readonly history: string[] = [];
  private runs = 0;
  private disputed = false;
  private green: BenchRun | undefined;

  constructor(private readonly context: UnitContext, private locked: readonly LockedTests[], private readonly baseline: Baseline, private readonly settle: SettleDispute) {
    this.original = context.original(context.unit.lead);
  }

  /** Throws `CASC_TASK_NOT_GREEN` (terminal) with the last feedback. */
  async run(): Promise<TaskEvidence> {
    const { lead, feedback } = this.context.unit;
    const attempts = lead.module.kind === 'refine' ? lead.module.attempts : 1;
    await this.phase('code', attempts, feedback);
    if (this.green === undefined) {
      this.best = undefined;
      this.lastSignature = undefined;
      await this.phase('fresh', FRESH_ATTEMPTS, this.digest());
    }
    if (this.green === undefined) throw await this.failure();
    return this.evidence(this.green);
  }

  private async phase(name: string, attempts: number, hint?: string): Promise<void> {
    const { lead } = this.context.unit;
    await this.context.tell(lead, 'implementing', name === 'code' ? 'is being implemented' : 'starts again from the original files');
    await refine(predictorOf(lead), {
      attempts,
      inputs: () => ({ ...this.context.inputs(lead, this.current()), tests: asFiles(Object.keys(this.tests()).sort(), this.tests()) }),
      context: this.context.prediction(name, { honestSource: honestSource((path) => this.original[path]) }),
      reward: (values, attempt) => this.tryOut(values, `${name}/${attempt}`),
      onUnusable: async (_attempt, problem) => void this.history.push(problem.slice(0, 300)),
    }, hint);
  }

  private current(): Texts {
    return { ...this.original, ...this.best?.texts };
  }

  private tests(): Texts {
    return Object.assign({}, ...this.locked.map((locked) => locked.texts)) as Texts;
  }

  private red(): string[] {
    return this.locked.flatMap((locked) => locked.red);
  }

  private async tryOut(values: Values, name: string): Promise<Reward> {
    await this.hearDispute(values['testDispute']);
    const applied = this.context.apply(this.context.unit.lead, this.current(), values);
    if (!applied.ok) {
      const before = this.best === undefined ? '' : `\n\nThe last run, with the code shown under \`current\`:\n${this.best.feedback}`;
      const feedback = `The answer could not be applied; nothing of it was:\n${applied.problems.map((problem) => `- ${problem}`).join('\n')}${before}`;
      this.history.push('the answer could not be applied');
      return { score: 0, feedback };
    }
    const texts = { ...this.current(), ...applied.files };
    await this.context.put({ ...this.tests(), ...this.cleared(), ...texts });
    this.runs += 1;
    const outcome = await this.runTests(name);
    return outcome.problems.length === 0 ? this.accept(outcome.run) : this.refuse(texts, outcome);
  }

  /** Own files that an earlier attempt made and this one does not have. */
  private cleared(): Record<string, string | undefined> {
    return Object.fromEntries(this.context.unit.lead.allowedPaths.map((path) => [path, undefined]));
  }

  private async runTests(name: string): Promise<Outcome> {
    const { bench, run } = this.context.tools;
    const locked = this.tests();
    if (Object.keys(locked).length === 0) return this.runSuite(name, locked);
    const own = await run.step(this.context.step(`${name}/locked`), () => bench.run({ only: Object.keys(locked).sort(), locked, signal: run.signal }));
    const problems = lockedProblems(this.red(), own);
    return problems.length > 0 ? { run: own, problems, score: 0.9 * redScore(this.red(), own) } : this.runSuite(name, locked);
  }

  /** The whole suite, and with it the locked tests a second time. */
  private async runSuite(name: string, locked: Texts): Promise<Outcome> {
    const { bench, run } = this.context.tools;
    const suite = await run.step(this.context.step(`${name}/suite`), () => bench.run({ locked, signal: run.signal }));
    const suiteFaults = [...lockedAgain(this.red(), suite), ...suiteProblems(this.baseline, suite, Object.keys(locked))];
    return { run: suite, problems: suiteFaults.length > 0 ? suiteFaults : await this.canaryProblems(name), score: 0.95 };
  }

  /** Everything is green: would a test that must fail be green as well? */
  private async canaryProblems(name: string): Promise<string[]> {
    const { bench, run } = this.context.tools;
    const locked = this.tests();
    const [path] = Object.keys(locked).sort();
    const text = path === undefined ? undefined : withCanary(this.context.unit.project.testPlan, locked[path] ?? '');
    if (path === undefined || text === undefined) return [];
    const result = await run.step(this.context.step(`${name}/canary`), () => bench.run({ only: [path], locked: { ...locked, [path]: text }, signal: run.signal }));
    return result.failed.some((id) => id.includes(CANARY)) ? [] : [`with this code even an assertion that must fail, like 1 = 2, does not: it changes how tests are judged (${path})`];
  }

  private async accept(run: BenchRun): Promise<Reward> {
    this.green = run;
    await this.context.restore();
    return { score: 1 };
  }

  private async refuse(texts: Texts, outcome: Outcome): Promise<Reward> {
    const passing = this.red().filter((name) => outcome.run.passed.includes(name)).length;
    const feedback = `${passing} of the ${this.red().length} tests pass.\n${outcome.problems.map((problem) => `- ${problem}`).join('\n')}\n\n${outcome.run.feedback}`;
    this.history.push(`${passing} of ${this.red().length} passed; ${outcome.problems.join('; ').slice(0, 300)}`);
    const signature = `${outcome.problems.join('\n')}\n${outcome.run.signature}`;
    const giveUp = signature === this.lastSignature;
    this.lastSignature = signature;
    await this.context.tell(this.context.unit.lead, 'implementing', `run ${this.runs}: ${passing} of ${this.red().length} tests pass; ${outcome.problems.join('; ')}`);
    if (this.best === undefined || outcome.score >= this.best.score) {
      this.best = { texts, score: outcome.score, feedback };
      return { score: outcome.score, feedback, giveUp };
    }
    return { score: outcome.score, giveUp, feedback: `Your last change made it worse (${outcome.problems.join('; ').slice(0, 500)}) and was taken back. With the code shown under \`current\`:\n${this.best.feedback}` };
  }

  /** The implementer's legal way out: the author looks at the test once more; changed tests are proved red anew. */
  private async hearDispute(dispute: unknown): Promise<void> {
    if (typeof dispute !== 'string' || dispute.trim() === '' || this.disputed) return;
    this.disputed = true;
    this.locked = await this.settle(dispute.trim(), this.locked);
  }

  private digest(): string {
    const last = this.best?.feedback ?? '';
    const lines = this.history.map((line, index) => `- attempt ${index + 1}: ${line}`).join('\n');
    return `Earlier attempts came to nothing and were thrown away; you start from the original files. Find another way.\n${lines}${last === '' ? '' : `\n\nThe last run:\n${last}`}`.slice(0, 16_000);
  }

  private async failure(): Promise<Error> {
    const { lead } = this.context.unit;
    await this.context.tell(lead, 'failed', `is not green after ${this.runs} runs`);
    return terminal('CASC_TASK_NOT_GREEN', `${lead.task.id} (${lead.task.title}) is not green after ${this.runs} runs: ${this.history.at(-1) ?? 'no answer could be used'}`, {
      findings: (this.best?.feedback ?? this.history.join('\n')).split('\n').filter((line) => line.trim() !== '').slice(0, 60), advice: 'Use a more capable model, or ask for smaller steps.',
    });
  }

  private evidence(run: BenchRun): TaskEvidence {
    return {
      redTests: this.red().slice(0, 200).map((name) => name.slice(0, 500)),
      lockedTests: Object.fromEntries(Object.entries(this.tests()).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => [path, sha256(text)])),
      attempts: this.runs, report: run.report,
    };
  }
}

/** The whole suite runs the locked tests a second time: one that passes only sometimes is not green. */
function lockedAgain(red: readonly string[], run: BenchRun): string[] {
  const passed = new Set(run.passed);
  const lost = red.filter((name) => !passed.has(name));
  return lost.length === 0 ? [] : [`passed alone, but not in the whole suite: ${lost.slice(0, 5).join('; ')}`];
}
