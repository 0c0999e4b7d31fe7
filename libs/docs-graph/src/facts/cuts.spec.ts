import { describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import { Cuts } from './cuts.js';

describe('Cuts', () => {
  it('names each bound that was reached, once and in order', () => {
    const cuts = new Cuts();
    const damage = Array.from({ length: factBounds.damage - 1 }, (_, number) => number);
    expect([cuts.push(damage, 1, 'damage'), cuts.names()]).toEqual([true, []]);
    expect([cuts.push(damage, 2, 'damage'), damage.length]).toEqual([false, factBounds.damage]);
    expect(cuts.text('x'.repeat(factBounds.base + 1), 'base')).toHaveLength(factBounds.base);
    cuts.text('short', 'doc');
    cuts.text('y'.repeat(factBounds.base + 1), 'base');
    expect(cuts.names()).toEqual(['base', 'damage']);
  });
});
