import { describe, expect, it } from '@jest/globals';
import type { SpecTask } from '@cascade/contracts';
import fc from 'fast-check';
import { ancestors, criticality, topologicalOrder } from './task-graph.js';
import { readyUnits, units } from './units.js';

const base = { parallel: false, title: 'x', paths: ['a'], criteria: [], dependsOn: [], tests: [] } as const;
const make = (id: string, fields: Partial<SpecTask>): SpecTask => ({ ...base, id, phase: 'story', kind: 'code', ...fields }) as SpecTask;
const tasks: SpecTask[] = [
  make('T001', { phase: 'setup', kind: 'chore' }),
  make('T002', { storyId: '1.1', kind: 'test' }), make('T003', { storyId: '1.1', kind: 'test' }), make('T004', { storyId: '1.1', kind: 'test' }),
  make('T005', { storyId: '1.1', tests: ['T002'], dependsOn: ['T002'], parallel: true }),
  make('T006', { storyId: '1.1', tests: ['T003'], dependsOn: ['T003'], parallel: true }),
  make('T007', { storyId: '1.1', tests: ['T004'], dependsOn: ['T004'] }),
  make('T008', { storyId: '1.2', kind: 'test' }), make('T009', { storyId: '1.2', tests: ['T008'], dependsOn: ['T008', 'T005'] }),
  make('T010', { phase: 'polish', kind: 'chore' }),
];

describe('units', () => {
  const all = units(tasks);
  const ready = (...integrated: string[]): string[] => readyUnits(all, integrated).map((unit) => unit.id);

  it('joins a code task with its test tasks, and lets a chore stand alone', () => {
    expect(all.map((unit) => [unit.id, unit.tests.map((test) => test.id)])).toEqual([['T001', []], ['T005', ['T002']], ['T006', ['T003']], ['T007', ['T004']], ['T009', ['T008']], ['T010', []]]);
  });
  it('lets setup block stories, and stories block polish', () => {
    expect(ready()).toEqual(['T001']);
    expect(ready('T001', 'T005', 'T006', 'T007')).toEqual(['T009']);
    expect(ready('T001', 'T005', 'T006', 'T007', 'T009')).toEqual(['T010']);
    expect(ready(...all.map((unit) => unit.id))).toEqual([]);
  });
  it('starts [P] units together and a unit without [P] after all before it', () => {
    expect(ready('T001').toSorted()).toEqual(['T005', 'T006']);
    expect(ready('T001', 'T005')).toEqual(['T006', 'T009']);
    expect(ready('T001', 'T005', 'T006').toSorted()).toEqual(['T007', 'T009']);
  });
  it('puts the longest chain of waiting work first', () => {
    const chain = units([make('T001', { kind: 'chore', phase: 'setup', parallel: true }), make('T002', { kind: 'chore', phase: 'setup', parallel: true }), make('T003', { kind: 'chore', phase: 'polish', dependsOn: ['T002'] })]);
    const longer = chain.map((unit) => (unit.id === 'T003' ? { ...unit, dependsOn: ['T002'] } : unit));
    expect(readyUnits(longer, []).map((unit) => unit.id)).toEqual(['T002', 'T001']);
  });
});

describe('topologicalOrder', () => {
  const dag = fc.integer({ min: 1, max: 12 }).chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) =>
    fc.subarray(Array.from({ length: index }, (__, earlier) => `n${earlier}`)).map((dependsOn) => ({ id: `n${index}`, dependsOn })))));

  it('places every node after what it depends on, for any acyclic graph in any order', () => {
    fc.assert(fc.property(dag.chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length })), (nodes) => {
      const order = topologicalOrder(nodes).map((node) => node.id);
      expect(order.toSorted()).toEqual(nodes.map((node) => node.id).toSorted());
      for (const node of nodes) for (const id of node.dependsOn) expect(order.indexOf(id)).toBeLessThan(order.indexOf(node.id));
    }));
  });
  it('gives every node a longer chain than all that wait for it', () => {
    fc.assert(fc.property(dag, (nodes) => {
      const weight = criticality(nodes);
      for (const node of nodes) for (const id of node.dependsOn) expect(weight.get(id)).toBeGreaterThan(weight.get(node.id) ?? 0);
    }));
  });
  it('knows what a node waits for through others', () => {
    const nodes = [{ id: 'a', dependsOn: [] }, { id: 'b', dependsOn: ['a'] }, { id: 'c', dependsOn: ['b', 'elsewhere'] }];
    expect([...ancestors(nodes).get('c') ?? []].toSorted()).toEqual(['a', 'b']);
  });
  it('names the nodes of a cycle', () => {
    expect(() => topologicalOrder([{ id: 'a', dependsOn: ['b'] }, { id: 'b', dependsOn: ['a'] }])).toThrow(expect.objectContaining({ code: 'CASC_SPEC_INVALID', findings: ['TASK_CYCLE: a, b wait for each other'] }));
  });
});
