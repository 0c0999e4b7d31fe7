import { Budget } from './budget.js';
import type { ChaosArguments } from './chaos-arguments.js';
import { Random } from './random.js';
import type { Findings, Scenario } from './scenario.js';

/** Most violations of one scenario that are printed. */
const MAX_TOLD = 20;
/** A budget that nobody gave: longer than everything takes. */
const NO_LIMIT_MS = 24 * 3_600_000;

export interface Output {
  /** Results, on stdout. */
  readonly result: (line: string) => void;
  /** For people who watch, on stderr. */
  readonly say: (line: string) => void;
}

/** Runs scenarios one after another and prints a line for each. Gives the number of those that failed. */
export async function runScenarios(scenarios: readonly Scenario[], args: ChaosArguments, output: Output): Promise<number> {
  const whole = new Budget((args.budgetSeconds ?? NO_LIMIT_MS / 1000) * 1000);
  let failed = 0;
  for (const [index, scenario] of scenarios.entries()) {
    if (!whole.hasTimeFor(scenario.leastSeconds * 1000)) {
      output.result(`- ${scenario.name.padEnd(18)} skipped: ${Math.round(whole.leftMs / 1000)} s are left, it takes ${scenario.leastSeconds} s`);
      continue;
    }
    const began = performance.now();
    const findings = await attempt(scenario, args, whole.share(scenarios.length - index), output);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    output.result(lineOf(scenario, findings, seconds));
    if (findings.violations.length === 0) continue;
    failed += 1;
    tell(scenario, findings, args, output);
  }
  return failed;
}

async function attempt(scenario: Scenario, args: ChaosArguments, budget: Budget, output: Output): Promise<Findings> {
  output.say(`▸ ${scenario.name}: ${scenario.about}`);
  try {
    return await scenario.run({
      random: new Random(args.seed).fork(scenario.name), budget, repetitions: args.repetitions,
      say: (line) => output.say(`  ${line}`),
    });
  } catch (error) {
    return { injected: 'not carried out', rounds: 0, violations: [`the scenario broke: ${(error as Error).stack ?? String(error)}`] };
  }
}

function lineOf(scenario: Scenario, findings: Findings, seconds: string): string {
  const verdict = findings.violations.length === 0 ? 'nothing lost' : `${findings.violations.length} VIOLATIONS`;
  const rounds = `${findings.rounds} ${findings.rounds === 1 ? 'round' : 'rounds'}${findings.cutShort === true ? ' (cut short by the budget)' : ''}`;
  return `${findings.violations.length === 0 ? '✓' : '✗'} ${scenario.name.padEnd(18)} ${findings.injected}; ${rounds}, ${seconds} s: ${verdict}`;
}

function tell(scenario: Scenario, findings: Findings, args: ChaosArguments, output: Output): void {
  for (const violation of findings.violations.slice(0, MAX_TOLD)) output.result(`    ${violation}`);
  if (findings.violations.length > MAX_TOLD) output.result(`    and ${findings.violations.length - MAX_TOLD} more`);
  if (findings.trail !== undefined) output.result(`    what was done: ${findings.trail.join(', ')}`);
  const repetitions = args.repetitions === undefined ? '' : ` --repetitions ${args.repetitions}`;
  const budget = args.budgetSeconds === undefined ? '' : ` --budget ${args.budgetSeconds}`;
  output.result(`    seed ${args.seed}; to repeat: npm run chaos -- ${scenario.name} --seed ${args.seed}${budget}${repetitions}`);
}
