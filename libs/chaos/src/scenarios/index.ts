import type { Scenario } from '../scenario.js';
import { killEverywhere } from './kill-everywhere.js';
import { killRandom } from './kill-random.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [killEverywhere, killRandom];
