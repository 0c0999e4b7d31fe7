import { describe, expect, it } from '@jest/globals';
import { searchBounds } from '../search/search-bounds.js';
import { questionBounds } from './question-bounds.js';
import { smallId, smallModel } from './testing/small-graph.js';

const model = smallModel(
  { at: 'src/door.ts#Door', contains: ['src/door.ts#Door.lock'] }, { at: 'src/door.ts#Door.lock' }, { at: 'src/gate.ts#lock' }, { at: 'lib/gate.ts#lock' }, { at: 'src/gate.ts#openWindow', docs: 'Lets air in.' },
  { at: 'odd.ts#Door.#bolt' },
);
const idOf = (symbol: string): string => model.describe(symbol).symbol.id;
const failing = (symbol: string): unknown => {
  try {
    return model.describe(symbol);
  } catch (error) {
    return error;
  }
};

describe('findSymbol', () => {
  it('takes an id, a path with a name, a qualified name and a short name', () => {
    for (const symbol of [smallId('src/door.ts#Door.lock'), 'src/door.ts#Door.lock', 'door.ts#Door.lock', 'Door.lock']) expect(idOf(symbol)).toBe(smallId('src/door.ts#Door.lock'));
    expect(idOf('src/gate.ts#lock')).toBe(smallId('src/gate.ts#lock'));
    expect(idOf('lib/gate.ts#lock')).toBe(smallId('lib/gate.ts#lock'));
    expect(idOf('odd.ts#Door.#bolt')).toBe(smallId('odd.ts#Door.#bolt'));
    expect(idOf('openWindow')).toBe(smallId('src/gate.ts#openWindow'));
  });

  it('names all that it may be', () => {
    expect(failing('lock')).toMatchObject({ code: 'CASC_SYMBOL_AMBIGUOUS', findings: [`${smallId('lib/gate.ts#lock')} (lib/gate.ts#L1-L3)`, `${smallId('src/gate.ts#lock')} (src/gate.ts#L1-L3)`] });
    expect(failing('gate.ts#lock')).toMatchObject({ code: 'CASC_SYMBOL_AMBIGUOUS' });
  });

  it('proposes names that look alike or have the same words', () => {
    expect(failing('openWindwo')).toMatchObject({ code: 'CASC_SYMBOL_NOT_FOUND', findings: ['openWindow'] });
    expect(failing('src/gate.ts#window')).toMatchObject({ code: 'CASC_SYMBOL_NOT_FOUND', findings: ['openWindow'] });
    expect(failing('nothing at all')).toMatchObject({ code: 'CASC_SYMBOL_NOT_FOUND', findings: [] });
  });

  it('answers or refuses whatever is asked, with a code', () => {
    const hostile = ['', '#', '##########', '\0', '\ud800', '\x1b[2J', '__proto__', 'constructor', '#'.repeat(100_000), 'x'.repeat(100_000), 'a1b2c3d4'.repeat(10_000), '𝔞𝔟'.repeat(40), 'é '.repeat(3000), '*/ DROP'];
    for (const symbol of hostile) {
      expect(failing(symbol)).toMatchObject({ code: 'CASC_SYMBOL_NOT_FOUND' });
      expect(String((failing(symbol) as Error).message).length).toBeLessThan(2_000);
    }
    const refused = expect.objectContaining({ code: 'CASC_SEARCH_QUERY_INVALID' });
    for (const query of ['x'.repeat(100_000), 'a\0b', '\x1b[2J']) expect(() => model.search(query, 5)).toThrow(refused);
    expect(model.search('x'.repeat(searchBounds.queryCharacters), 5)).toEqual([]);
    expect(questionBounds.comparedName).toBeLessThan(searchBounds.queryTokens);
  });
});
