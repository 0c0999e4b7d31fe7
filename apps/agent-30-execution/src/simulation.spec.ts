import { describe, expect, it } from '@jest/globals';
import { simulate, type Simulated } from './testing/simulation.js';

/** `npm run chaos -- simulation` runs 10,000. */
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 300);
const first = Number(process.env['SIMULATION_SEED'] ?? Date.now() % 2 ** 31);

describe(`scheduler and supervisor on a fake clock (SIMULATION_SEED=${first})`, () => {
  it(`integrate every task exactly once or end the cascade in time, in ${SEEDS} simulations`, () => {
    const ends = new Map<string, number>();
    for (let seed = first; seed < first + SEEDS; seed += 1) {
      const simulated: Simulated = simulate(seed);
      if (simulated.violations.length > 0) expect({ seed, ...simulated }).toMatchObject({ violations: [] });
      ends.set(String(simulated.end), (ends.get(String(simulated.end)) ?? 0) + 1);
    }
    expect([...ends.keys()].toSorted()).toEqual(['completed', 'failed', 'timed_out']); // the weather is neither too good nor too bad
  }, 600_000);
});
