import { describe, expect, it } from '@jest/globals';
import { readChaosArguments } from './chaos-arguments.js';
import { runScenarios } from './run-scenarios.js';
import type { Findings, Scenario } from './scenario.js';

const scenario = (name: string, findings: Partial<Findings> = {}, leastSeconds = 0): Scenario => ({
  name, about: name, leastSeconds, run: async () => ({ injected: '3 kills', rounds: 1, violations: [], ...findings }),
});
async function run(scenarios: readonly Scenario[], ...args: string[]): Promise<{ failed: number; lines: string[] }> {
  const lines: string[] = [];
  const failed = await runScenarios(scenarios, readChaosArguments(args, scenarios.map(({ name }) => name), () => 77), { result: (line) => lines.push(line), say: () => undefined });
  return { failed, lines };
}

describe('runScenarios', () => {
  it('prints a line per scenario with what was injected, how often and the verdict', async () => {
    const { failed, lines } = await run([scenario('a'), scenario('b', { rounds: 2, cutShort: true })]);
    expect(failed).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^✓ a +3 kills; 1 round, \d+\.\d s: nothing lost$/), expect.stringMatching(/^✓ b .*2 rounds \(cut short by the budget\)/)]);
  });

  it('prints what was lost, the seed, and the command that repeats the run', async () => {
    const { failed, lines } = await run([scenario('a', { violations: ['a key is left'] })], '--repetitions', '4');
    expect(failed).toBe(1);
    expect(lines.join('\n')).toMatch(/✗ a .*1 VIOLATIONS\n {4}a key is left\n {4}seed 77; to repeat: npm run chaos -- a --seed 77 --repetitions 4$/);
  });

  it('fails when a scenario breaks', async () => {
    const broken: Scenario = { ...scenario('a'), run: () => Promise.reject(new RangeError('no Redis')) };
    const { failed, lines } = await run([broken]);
    expect(failed).toBe(1);
    expect(lines.join('\n')).toContain('the scenario broke: RangeError: no Redis');
  });

  it('skips what has no time left, and says so', async () => {
    const { failed, lines } = await run([scenario('a', {}, 1_000), scenario('b')], '--budget', '900');
    expect(failed).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^- a +skipped: 900 s are left, it takes 1000 s$/), expect.stringContaining('✓ b')]);
  });
});

describe('readChaosArguments', () => {
  it('refuses what it does not know', () => {
    const read = (...args: string[]) => () => readChaosArguments(args, ['a'], () => 1);
    expect(read('b')).toThrow(expect.objectContaining({ code: 'CASC_CHAOS_USAGE', advice: 'There are: a' }));
    expect(read('--seed', 'x')).toThrow(expect.objectContaining({ code: 'CASC_CHAOS_USAGE' }));
    expect(read('--what')).toThrow(expect.objectContaining({ code: 'CASC_CHAOS_USAGE' }));
  });
});
