import { describe, expect, it } from '@jest/globals';
import type { SpecTask } from '@cascade/contracts';
import fc from 'fast-check';
import { graphWrite, parseGraph, type GraphState } from './graph-state.js';
import { MAX_UNIT_ATTEMPTS, onConflicted, onIntegrated, planUnits, startGraph, type Decision, type Start } from './schedule.js';
import { SHA, samplePlan, sampleProgram, sampleStory, sampleTask } from './testing/sample-plan.js';

const evidence = { redTests: ['AC1: works'], lockedTests: {}, attempts: 1 };
const pad = (index: number): string => `T${String(index + 1).padStart(3, '0')}`;

/** Units in two stories and a polish phase; dependencies only backwards, some [P]. */
const tasks: fc.Arbitrary<SpecTask[]> = fc.array(fc.record({ story: fc.boolean(), parallel: fc.boolean(), dependsOn: fc.array(fc.nat({ max: 9 }), { maxLength: 2 }), polish: fc.integer({ min: 0, max: 5 }) }), { minLength: 1, maxLength: 9 })
  .map((drafts) => {
    const made = drafts.map((draft, index): SpecTask => {
      const polish = index > 0 && draft.polish === 0;
      return sampleTask(pad(index), polish ? 'chore' : 'code', { parallel: draft.parallel, phase: polish ? 'polish' : 'story', storyId: polish ? undefined : draft.story ? '1.1' : '1.2' });
    });
    const rank = (task: SpecTask): number => (task.phase === 'polish' ? 1 : 0);
    return made.map((task, index) => ({ ...task, dependsOn: [...new Set(drafts[index]!.dependsOn.filter((at) => at < index && rank(made[at]!) <= rank(task)).map(pad))] }));
  });

const planOf = (list: SpecTask[]) => samplePlan(list.map((task) => sampleProgram(task)), [...new Set(list.flatMap((task) => task.storyId ?? []))].map((id) => sampleStory(id)));
const stored = (state: GraphState, previous: Record<string, string>): { hash: Record<string, string>; state: GraphState } => {
  const hash = { ...previous, ...graphWrite('c', state).fields };
  return { hash, state: parseGraph(hash)! };
};

describe('task graph', () => {
  it('starts and integrates every unit exactly once, in any order of arrivals, repetitions and conflicts', () => {
    fc.assert(fc.property(tasks, fc.infiniteStream(fc.nat()), (list, numbers) => {
      const pick = (limit: number): number => numbers.next().value! % limit;
      const plan = planOf(list);
      const depends = new Map(planUnits(plan).map((unit) => [unit.id, unit.dependsOn]));
      let kept = stored(startGraph(plan).state, {});
      const flight: Start[] = [...startGraph(plan).start];
      const published: string[] = flight.map((start) => `${start.taskId}/${start.attempt}`);
      const integrated: string[] = [];
      const stories: string[] = [];
      let finishes = 0;
      const take = (decision: Decision): void => {
        expect(decision.state.version).toBe(kept.state.version + 1);
        kept = stored(decision.state, kept.hash);
        flight.push(...decision.start);
        published.push(...decision.start.map((start) => `${start.taskId}/${start.attempt}`));
        stories.push(...decision.storiesDone);
        finishes += decision.finished ? 1 : 0;
      };
      while (flight.length > 0) {
        const [start] = flight.splice(pick(flight.length), 1);
        const data = { taskId: start!.taskId, attempt: start!.attempt, commitSha: SHA(3), evidence };
        for (const id of depends.get(data.taskId)!) expect(integrated).toContain(id);
        if (pick(4) === 0 && data.attempt < MAX_UNIT_ATTEMPTS) {
          take(onConflicted(kept.state, data, 'lines differ') as Decision);
          expect(onConflicted(kept.state, data, 'again')).toBeUndefined();
          continue;
        }
        integrated.push(data.taskId);
        take(onIntegrated(kept.state, data)!);
        expect(onIntegrated(kept.state, data)).toBeUndefined();
      }
      expect(integrated.toSorted()).toEqual(list.map((task) => task.id));
      expect(new Set(published).size).toBe(published.length);
      expect(stories.toSorted()).toEqual(plan.stories.map((story) => story.id).toSorted());
      expect(finishes).toBe(1);
      expect(kept.state.finished).toBe(true);
    }), { numRuns: 200 });
  });

  it('starts [P] units together, and what waits for both after both', () => {
    const decision = startGraph(planOf([sampleTask('T001', 'code', { parallel: true }), sampleTask('T002', 'code', { parallel: true }), sampleTask('T003', 'code')]));
    expect(decision.start.map((start) => start.taskId)).toEqual(['T001', 'T002']);
    const first = onIntegrated(decision.state, { taskId: 'T002', attempt: 1, commitSha: SHA(3), evidence })!;
    expect(first.start).toEqual([]);
    expect(onIntegrated(first.state, { taskId: 'T001', attempt: 1, commitSha: SHA(4), evidence })!.start).toEqual([{ taskId: 'T003', attempt: 1 }]);
  });

  it('tries a conflicted unit twice more, with the reason', () => {
    let state = startGraph(planOf([sampleTask('T001', 'code')])).state;
    for (let attempt = 1; attempt < MAX_UNIT_ATTEMPTS; attempt += 1) {
      const decision = onConflicted(state, { taskId: 'T001', attempt }, 'merge: src/T001.js');
      expect(decision).toMatchObject({ start: [{ taskId: 'T001', attempt: attempt + 1, feedback: 'merge: src/T001.js' }] });
      state = (decision as Decision).state;
    }
    expect(onConflicted(state, { taskId: 'T001', attempt: MAX_UNIT_ATTEMPTS }, 'x')).toBe('exhausted');
  });

  it('refuses a hash that something else wrote', () => {
    expect(parseGraph({})).toBeUndefined();
    expect(() => parseGraph({ version: '1', plan: '{}' })).toThrow(expect.objectContaining({ code: 'CASC_GRAPH_UNREADABLE' }));
  });
});
