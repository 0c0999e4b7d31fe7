import { describe, expect, it } from '@jest/globals';
import { budgetUse, deadlineBurn, modelOf } from './cascade-model.js';
import type { CascadeView, TimelineLine } from './types.js';

const task = (id: string, kind: string, dependsOn: string[] = []): CascadeView['tasks'][number] => ({ id, key: id, title: id, kind, status: 'Approved', storyId: '1.1', dependsOn });
const view: CascadeView = {
  id: 'c', state: 'running', request: 'x', repository: '/r', createdAt: '2026-01-01T00:00:00Z', deadline: '2026-01-01T01:00:00Z', tier: 3, questions: [],
  spend: { calls: 0, promptTokens: 600, completionTokens: 400, usd: 1, budget: {} },
  tiers: [{ tier: 0, name: 'stories', state: 'ended' }, { tier: 1, name: 'specs', state: 'ended' }, { tier: 2, name: 'programs', state: 'ended' }, { tier: 3, name: 'execution', state: 'active' }],
  stories: [{ id: '1.1', key: 's', title: 'S', status: 'Approved', documentPath: 'd' }], tasks: [task('T1', 'test'), task('T2', 'code', ['T1']), task('T3', 'code', ['T2'])],
};
const line = (second: number, service: string, rest: Omit<TimelineLine['line'], 'text'> & { text?: string }): TimelineLine => ({ at: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`, service, line: { text: 'text', ...rest } });
const states = (lines: TimelineLine[], other: Partial<CascadeView> = {}): string[] => modelOf({ ...view, ...other }, lines).tasks.map(({ state }) => state);
const step = (taskId: string, status: NonNullable<TimelineLine['line']['status']>): TimelineLine => line(9, 'agent-30-execution', { kind: 'task', taskId, status });

describe('tasks', () => {
  it('go from red to green: tests with the code that makes them pass', () => {
    expect(states([])).toEqual(['waiting', 'waiting', 'waiting']);
    const red = [step('T1', 'writing-tests'), step('T1', 'red'), step('T2', 'implementing')];
    expect(states(red)).toEqual(['red', 'implementing', 'waiting']);
    expect(states([...red, step('T2', 'green')])).toEqual(['green', 'green', 'waiting']);
    expect(states([...red, step('T2', 'integrating')])).toEqual(['green', 'integrating', 'waiting']);
    expect(states([...red, step('T2', 'integrated')])).toEqual(['integrated', 'integrated', 'waiting']);
  });

  it('are done when the snapshot says so, whatever of the timeline is gone', () => {
    expect(states([], { tasks: view.tasks.map((one) => ({ ...one, status: 'Done' })) })).toEqual(['integrated', 'integrated', 'integrated']);
  });

  it('are stopped with their cascade', () => {
    expect(states([step('T1', 'red'), step('T2', 'failed')], { state: 'failed', endedAt: '2026-01-01T00:01:00Z' })).toEqual(['stopped', 'failed', 'stopped']);
  });
});

describe('the road', () => {
  const lines = [line(1, 'agent-00-stories', { kind: 'tier', text: 'reads' }), line(5, 'agent-10-specs', { kind: 'tier', text: 'specifies' }), line(6, 'agent-10-specs', { kind: 'artefact', text: 'spec.md' }), line(7, 'git-worker', { kind: 'task' })];

  it('has the time and the last word of each tier', () => {
    const { tiers } = modelOf({ ...view, tier: 1 }, lines);
    expect(tiers.map(({ state, text }) => [state, text])).toEqual([['done', 'reads'], ['active', 'specifies'], ['waiting', ''], ['waiting', '']]);
    expect(tiers[0]).toMatchObject({ startedAt: '2026-01-01T00:00:01Z', endedAt: '2026-01-01T00:00:05Z' });
    expect(tiers[1]!.endedAt).toBeUndefined();
  });

  it('shows where it waits, and where it broke', () => {
    expect(modelOf({ ...view, state: 'waiting', tier: 0 }, []).tiers.map(({ state }) => state)).toEqual(['asking', 'waiting', 'waiting', 'waiting']);
    expect(modelOf({ ...view, state: 'timed_out', tier: 2 }, []).tiers.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'waiting']);
    expect(modelOf({ ...view, state: 'completed' }, []).tiers.every(({ state }) => state === 'done')).toBe(true);
  });
});

it('knows the reasons of a gate from the timeline, then from the summary', () => {
  const said = [line(9, 'agent-30-execution', { kind: 'gate', storyId: '1.1', text: 'story 1.1 S: gate CONCERNS (a risk (6) is high; no test)' })];
  expect(modelOf(view, said).stories[0]!.reasons).toEqual(['a risk (6) is high', 'no test']);
  const summary = { branch: 'b', commitSha: 'a'.repeat(40), featureDirectory: 'f', gate: 'PASS' as const, tasks: [], stories: [{ id: '1.1', title: 'S', highestRisk: 1, gate: 'PASS' as const, reasons: ['all proved'] }] };
  expect(modelOf({ ...view, summary }, said).stories[0]!.reasons).toEqual(['all proved']);
});

it('burns deadlines and budgets', () => {
  const half = Date.parse('2026-01-01T00:30:00Z');
  expect(deadlineBurn(view, half)).toEqual({ leftMs: 1_800_000, used: 0.5, isPaused: false });
  expect(deadlineBurn({ ...view, deadlineLeftMs: 5_400_000 }, half)).toEqual({ leftMs: 5_400_000, used: 0.25, isPaused: true });
  expect(deadlineBurn(view, Date.parse('2026-01-01T02:00:00Z'))).toMatchObject({ leftMs: 0, used: 1 });
  expect(deadlineBurn({ ...view, endedAt: view.deadline }, half)).toBeUndefined();
  const spend = (budget: { usd?: number; tokens?: number }): number | undefined => budgetUse({ spend: { ...view.spend, budget } });
  expect([spend({}), spend({ usd: 4 }), spend({ usd: 4, tokens: 2_000 }), spend({ tokens: 10 })]).toEqual([undefined, 0.25, 0.5, 1]);
});
