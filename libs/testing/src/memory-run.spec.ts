import { describe, expect, it } from '@jest/globals';
import { MemoryRun } from './memory-run.js';

const cost = (tokens: number) => ({ promptTokens: tokens, completionTokens: 0, usd: tokens / 100 });

describe('MemoryRun', () => {
  it('runs a step once over all restarts, and gives what JSON keeps of its result', async () => {
    const run = new MemoryRun();
    let calls = 0;
    const step = (inside: MemoryRun) => inside.step('a', async () => ({ at: new Date(0), calls: (calls += 1) }));
    const first: unknown = await step(run);
    expect(first).toEqual({ at: '1970-01-01T00:00:00.000Z', calls: 1 });
    expect(await step(run.restart())).toEqual(first);
    expect(calls).toBe(1);
  });

  it('journals nothing of a step that failed', async () => {
    const run = new MemoryRun();
    await expect(run.step('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await run.restart().step('a', async () => 1)).toBe(1);
  });

  it('refuses a name that the same run used before', async () => {
    const run = new MemoryRun();
    await run.step('a', async () => 1);
    await expect(run.step('a', async () => 2)).rejects.toMatchObject({ code: 'CASC_STEP_NAME_REUSED' });
  });

  it('refuses a step that may not fit the budget, before it runs', async () => {
    const run = new MemoryRun({ budget: { tokens: 100, usd: 0.9 } });
    await run.step('a', async () => 1, { reserve: cost(90), usage: () => cost(50) });
    await expect(run.step('b', () => Promise.reject(new Error('ran')), { reserve: cost(51) })).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED' });
    await expect(run.step('c', () => Promise.reject(new Error('ran')), { reserve: { ...cost(0), usd: 0.41 } })).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED' });
    expect(run.usage).toEqual(cost(50));
  });

  it('records an effect before it happens, and once', async () => {
    const run = new MemoryRun();
    const workspace = { kind: 'git.workspace', key: 'T001', undo: { repositoryId: 'shop' } };
    await expect(run.effect(workspace, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await run.restart().effect(workspace, async () => undefined);
    expect(run.effects).toEqual([workspace]);
    await expect(run.effect({ kind: 'rocket', key: 'r', undo: {} }, async () => undefined)).rejects.toMatchObject({ code: 'CASC_EFFECT_INVALID' });
  });

  it('answers questions, or asks for input', async () => {
    const run = new MemoryRun({ answers: { colour: 'red' } });
    expect(await run.ask('colour', 'Which colour?')).toBe('red');
    await expect(run.ask('size', 'Which size?')).rejects.toMatchObject({ kind: 'needs-input', message: 'Which size?' });
  });

  it('does nothing more when it is aborted', async () => {
    const run = new MemoryRun({ signal: AbortSignal.abort(new Error('over')) });
    await expect(run.step('a', async () => 1)).rejects.toThrow('over');
  });
});
