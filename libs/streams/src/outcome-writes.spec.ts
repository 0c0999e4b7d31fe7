import { describe, expect, it } from '@jest/globals';
import { publication, type CascadeEvent } from '@cascade/messages';
import { outcome } from './outcome.js';
import { outcomeWrites } from './outcome-writes.js';
import { workDone } from './testing/definitions.js';

const cause: CascadeEvent = { id: 'e1', type: 'work.given', source: 'urn:test', time: '2026-01-01T00:00:00.000Z', cascadeId: 'c1', dataschema: 's', data: {} };
const origin = { cause, service: 'test' };
const idsOf = (writes: ReturnType<typeof outcomeWrites>): string[] => writes.map((write) => write.args[write.args.indexOf('id') + 1]!);

describe('outcomeWrites', () => {
  it('derives the same ids whenever it is asked, different by place, by service and by scope', () => {
    const two = outcome({ publish: [publication(workDone, { n: 1 }), publication(workDone, { n: 1 })] });
    const ids = idsOf(outcomeWrites(two, origin));
    expect(idsOf(outcomeWrites(two, origin))).toEqual(ids);
    expect(idsOf(outcomeWrites(two, { ...origin, cause: { ...cause, time: '2026-01-01T00:00:01.000Z' } }))).toEqual(ids); // another copy of it
    expect(new Set([...ids, ...idsOf(outcomeWrites(two, { cause, service: 'other' })), ...idsOf(outcomeWrites(two, { ...origin, scope: 'failed' }))]).size).toBe(6);
  });

  it('writes fields, lists, scores and expiry of what is saved', () => {
    const writes = outcomeWrites(outcome({ save: [{ key: 'k', fields: { a: '1' }, indexIn: 'in', removeFrom: 'out', scoreIn: { key: 'z', member: 'm', score: 7 }, unscoreIn: { key: 'y', member: 'n' }, expireAtMs: 5 }] }), origin);
    expect(writes).toEqual([
      { operation: 'HSET', key: 'k', args: ['a', '1'] },
      { operation: 'SADD', key: 'in', args: ['k'] },
      { operation: 'SREM', key: 'out', args: ['k'] },
      { operation: 'ZADD', key: 'z', args: ['7', 'm'] },
      { operation: 'ZREM', key: 'y', args: ['n'] },
      { operation: 'PEXPIREAT', key: 'k', args: ['5'] },
    ]);
  });

  it('refuses a publication that breaks its contract, naming the field', () => {
    const wrong = outcome({ publish: [publication(workDone, { n: 'x' } as unknown as { n: number })] });
    expect(() => outcomeWrites(wrong, origin)).toThrow(expect.objectContaining({ code: 'CASC_OUTCOME_INVALID', kind: 'terminal', findings: [expect.stringMatching(/^data\.n: /)] }));
  });

  it('refuses outcomes beyond its bounds', () => {
    const many = outcome({ save: Array.from({ length: 1_001 }, (_, index) => ({ key: `k${index}`, fields: { a: '1' } })) });
    expect(() => outcomeWrites(many, origin)).toThrow(expect.objectContaining({ code: 'CASC_OUTCOME_TOO_LARGE' }));
    const wide = outcome({ save: [{ key: 'k', fields: Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`f${index}`, ''])) }] });
    expect(() => outcomeWrites(wide, origin)).toThrow(expect.objectContaining({ code: 'CASC_OUTCOME_TOO_LARGE' }));
  });
});
