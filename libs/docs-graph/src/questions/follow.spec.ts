import { describe, expect, it } from '@jest/globals';
import { questionBounds } from './question-bounds.js';
import type { ReachedSymbol } from './named-symbol.js';
import { smallModel } from './testing/small-graph.js';

const lines = (symbols: readonly ReachedSymbol[]): string[] => symbols.map(({ name, depth, confidence, through, at }) => `${depth} ${name} ${confidence} by ${through.replace(/^.*#/, '')} at ${at}`);

describe('following calls', () => {
  const model = smallModel(
    { at: 'a.ts#top', line: 10, calls: ['a.ts#left', '?a.ts#right', 'a.ts#bottom'] },
    { at: 'a.ts#left', line: 20, calls: ['?a.ts#deep'] },
    { at: 'a.ts#right', line: 30, calls: ['a.ts#deep', 'a.ts#top'] },
    { at: 'b.ts#deep', line: 40 }, { at: 'a.ts#deep', line: 40, calls: ['b.ts#deep'] },
    { at: 'a.ts#bottom', line: 50 },
  );

  it('names each once, nearest and surest first, with the place of the call', () => {
    expect(lines(model.dependencies('top', 3).symbols)).toEqual([
      '1 bottom call by top at a.ts#L11-L11', '1 left call by top at a.ts#L11-L11', '1 right maybe by top at a.ts#L11-L11',
      '2 deep maybe by left at a.ts#L21-L21', '3 deep maybe by deep at a.ts#L41-L41',
    ]);
    expect(lines(model.callers('a.ts#deep', 1).symbols)).toEqual(['1 right call by deep at a.ts#L31-L31', '1 left maybe by deep at a.ts#L21-L21']);
    expect(lines(model.callers('a.ts#deep', 6).symbols)).toContain('2 top maybe by left at a.ts#L11-L11');
    expect(model.callers('top', 6).symbols.map(({ name }) => name)).toEqual(['right']);
  });

  it('takes a sure way before an unsure one of the same length', () => {
    const two = smallModel({ at: 'a.ts#from', calls: ['?a.ts#a', 'a.ts#b'] }, { at: 'a.ts#a', calls: ['a.ts#to'] }, { at: 'a.ts#b', calls: ['a.ts#to'] }, { at: 'a.ts#to' });
    expect(lines(two.dependencies('from', 2).symbols).at(-1)).toBe('2 to call by b at a.ts#L2-L2');
  });

  it('says when there is more than it names', () => {
    const many = Array.from({ length: questionBounds.listed + 1 }, (_, number) => ({ at: `many.ts#f${number}`, calls: ['hub.ts#hub'] }));
    const answer = smallModel({ at: 'hub.ts#hub' }, ...many).callers('hub', 1);
    expect([answer.symbols.length, answer.more]).toEqual([questionBounds.listed, true]);
    const fewer = smallModel({ at: 'hub.ts#hub' }, ...many.slice(1)).callers('hub', 1);
    expect([fewer.symbols.length, fewer.more]).toEqual([questionBounds.listed, false]);
    const long = 'x'.repeat(700);
    const wide = smallModel({ at: 'hub.ts#hub' }, ...many.slice(1).map(({ calls }, number) => ({ at: `many.ts#f${number}${long}`, calls }))).callers('hub', 1);
    expect(wide.more).toBe(true);
    expect(JSON.stringify(wide).length).toBeLessThan(questionBounds.listCharacters * 1.5);
  });

  it('refuses depths without measure', () => {
    for (const depth of [0, -1, 1.5, NaN, questionBounds.depth + 1]) expect(() => model.callers('top', depth)).toThrow(expect.objectContaining({ code: 'CASC_QUESTION_INVALID' }));
  });
});
