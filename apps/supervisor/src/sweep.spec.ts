import { describe, expect, it } from '@jest/globals';
import type { DueAgent, DueCascade } from '@cascade/state';
import { decideSweep } from './sweep.js';

const now = 1_000_000;
const cascade = (more: Partial<DueCascade> = {}): DueCascade => ({ kind: 'cascade', id: 'c1', deadline: now - 1, state: 'running', ...more });
const agent = (more: Partial<DueAgent> = {}): DueAgent => ({ kind: 'agent', id: 'c1-00', deadline: now - 1, hasOwnTime: false, cascadeDeadline: now - 1, ...more });
const decide = (...deadlines: (DueCascade | DueAgent)[]): unknown[] => decideSweep({ now, deadlines });

describe('what is done about deadlines', () => {
  it('ends a cascade whose time is over, waiting or not, and forgets one that has ended or is gone', () => {
    expect(decide(cascade(), cascade({ id: 'c2', state: 'waiting' }))).toEqual([
      { kind: 'time-out', cascadeId: 'c1', deadline: now - 1 }, { kind: 'time-out', cascadeId: 'c2', deadline: now - 1 },
    ]);
    expect(decide(cascade({ state: 'completed' }), cascade({ id: 'c2', state: undefined }))).toEqual([{ kind: 'forget', member: 'c1' }, { kind: 'forget', member: 'c2' }]);
  });

  it('does nothing early, whoever asks', () => {
    expect(decide(cascade({ deadline: now + 1 }), agent({ deadline: now + 1 }))).toEqual([]);
  });

  it('moves an agent with its cascade, unless its own time is over or its cascade has ended', () => {
    const later = { cascadeDeadline: now + 5_000 };
    expect(decide(agent(later))).toEqual([{ kind: 'follow', agentId: 'c1-00', deadline: now + 5_000 }]);
    expect(decide(agent({ ...later, hasOwnTime: true }), agent(), agent({ cascadeDeadline: undefined }))).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'expire-agent', agentId: 'c1-00', deadline: now - 1 })),
    );
  });
});
