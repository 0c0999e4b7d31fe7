import type { Scenario } from '../scenario.js';
import { clock } from './clock.js';
import { flushGroups } from './flush-groups.js';
import { freeze } from './freeze.js';
import { killEverywhere } from './kill-everywhere.js';
import { killRandom } from './kill-random.js';
import { model, simulation } from './long-specs.js';
import { network } from './network.js';
import { redisRestart } from './redis-restart.js';
import { rollingRestart } from './rolling-restart.js';
import { soak } from './soak.js';
import { supervisorDies } from './supervisor-dies.js';

/** In the order in which they run: what is quick first. */
export const scenarios: readonly Scenario[] = [simulation, model, redisRestart, flushGroups, freeze, clock, supervisorDies, network, rollingRestart, killEverywhere, killRandom, soak];
