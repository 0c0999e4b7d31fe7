import type { Budget } from './budget.js';
import type { Random } from './random.js';

/** One way to break things, and the proof that nothing was lost by it. */
export interface Scenario {
  /** As typed after `npm run chaos --`. */
  readonly name: string;
  /** One line: what is broken, and on what. */
  readonly about: string;
  /** Seconds of one round on a machine of two slow cores; with less time left the scenario is skipped. */
  readonly leastSeconds: number;
  /** Throws only when the scenario itself cannot be carried out; what the product did wrong is a violation. */
  readonly run: (conditions: Conditions) => Promise<Findings>;
}

/** What a scenario gets. */
export interface Conditions {
  /** Of this scenario alone: the same seed gives the same choices, whichever other scenarios run. */
  readonly random: Random;
  /** Its share of the time. Look at it between rounds; the first round always runs. */
  readonly budget: Budget;
  /** Undefined: as the scenario thinks right. */
  readonly repetitions: number | undefined;
  /** For people who watch; not part of the result. */
  readonly say: (line: string) => void;
}

/** What a scenario found. */
export interface Findings {
  /** What was injected and how often, e.g. `41 kills at 38 points of 6 services`. */
  readonly injected: string;
  readonly rounds: number;
  /** What the oracle found wrong; empty when all held. */
  readonly violations: readonly string[];
  /** What was done, in order, for whoever looks for the cause of a violation. */
  readonly trail?: readonly string[];
  /** True when the budget ended it before it had done all that it would do. */
  readonly cutShort?: boolean;
}
