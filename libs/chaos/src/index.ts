export { Budget } from './budget.js';
export { Random } from './random.js';
export type { Conditions, Findings, Scenario } from './scenario.js';
export { scenarios } from './scenarios/index.js';
