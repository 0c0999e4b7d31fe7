import type { Scenario } from '../scenario.js';
import { killEverywhere } from './kill-everywhere.js';
import { killRandom } from './kill-random.js';
import { model, simulation } from './long-specs.js';
import { redisRestart } from './redis-restart.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [simulation, model, redisRestart, killEverywhere, killRandom];
