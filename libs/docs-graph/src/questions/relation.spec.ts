import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { directions, Relation } from './relation.js';

describe('Relation', () => {
  it('has after any sets and deletes the edges of a plain map, both ways', () => {
    const node = fc.integer({ min: 1, max: 40 });
    const step = fc.record({ from: node, to: node, remove: fc.boolean(), confidence: fc.constantFrom('call' as const, 'maybe' as const), line: fc.integer({ min: 0, max: 99 }) });
    fc.assert(fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (taken) => {
      const relation = new Relation();
      const plain = new Map<string, string>();
      for (const { from, to, remove, confidence, line } of taken) {
        if (remove) expect(relation.delete(from, to)).toBe(plain.delete(`${from} ${to}`));
        else {
          relation.set(from, to, confidence, line);
          plain.set(`${from} ${to}`, `${from} ${to} ${line} ${confidence}`);
        }
      }
      const told = (edge: number): string => `${relation.target(edge, directions.in)} ${relation.target(edge, directions.out)} ${relation.line(edge)} ${relation.sure(edge) ? 'call' : 'maybe'}`;
      const [outs, ins]: [string[], string[]] = [[], []];
      for (let number = 1; number <= 40; number += 1) {
        for (let edge = relation.first(number, directions.out); edge !== 0; edge = relation.next(edge, directions.out)) outs.push(told(edge));
        for (let edge = relation.first(number, directions.in); edge !== 0; edge = relation.next(edge, directions.in)) ins.push(told(edge));
      }
      const expected = [...plain.values()].sort();
      expect([outs.sort(), ins.sort(), relation.size]).toEqual([expected, expected, plain.size]);
      expect(relation.sureEdges()).toBe(expected.filter((one) => one.endsWith('call')).length);
    }), { seed: 45, numRuns: 150 });
  });
});
