import { describe, expect, it } from '@jest/globals';
import { smallId, smallModel } from './testing/small-graph.js';

const names = (symbols: readonly { readonly name: string }[]): string[] => symbols.map(({ name }) => name);

const model = smallModel(
  { at: 'door.ts#Door', docs: 'A door. It can be locked.', contains: ['door.ts#Door.lock', 'door.ts#Door.open'], fields: ['key'], inherits: ['base.ts#Part'] },
  { at: 'door.ts#Door.open', line: 9 },
  { at: 'door.ts#Door.lock', line: 5, docs: 'Locks it,\nfor good. Then sleeps.', parameters: 'key: Key', calls: ['door.ts#Door.open', 'bolt.ts#bolt'] },
  { at: 'bolt.ts#bolt' },
  { at: 'base.ts#Part', contains: ['base.ts#Part.open', 'base.ts#Part.weigh'], fields: ['key', 'weight'], inherits: ['door.ts#Door'] },
  { at: 'base.ts#Part.open', line: 3 }, { at: 'base.ts#Part.weigh', line: 6 },
  { at: 'house.ts#shut', calls: ['door.ts#Door.lock'] },
  { at: 'gate.ts#Gate', inherits: ['door.ts#Door'] },
  { at: 'town.ts#sleep', calls: ['house.ts#shut', 'gate.ts#Gate'] },
  { at: 'door.spec.ts#test locks', calls: ['door.ts#Door.lock'], tests: ['door.ts#Door.lock'] },
  { at: 'town.spec.ts#testSleep', calls: ['town.ts#sleep'] },
  { at: 'README.md#About doors', docs: 'Doors are parts.', documents: ['door.ts#Door'] },
);

describe('questions about a symbol', () => {
  it('describes it by what stands next to it', () => {
    const door = model.describe('Door');
    expect(door.symbol).toEqual({ id: smallId('door.ts#Door'), kind: 'class', name: 'Door', signature: 'class Door', summary: 'A door.', source: 'door.ts#L1-L3' });
    expect([door.documentation, names(door.callers), names(door.dependencies), names(door.documents)]).toEqual(['A door. It can be locked.', ['shut'], ['bolt'], ['About doors']]);
    expect(door.counts).toEqual({ callers: 1, dependencies: 1, tests: 1, documents: 1, methods: 3 });
    const lock = model.describe('Door.lock');
    expect(lock.symbol).toMatchObject({ signature: 'Door.lock(key: Key): void', summary: 'Locks it, for good.' });
    expect([names(lock.callers), names(lock.tests)]).toEqual([['shut'], ['test locks']]);
    expect(model.describe(smallId('README.md#About doors')).documentation).toBe('Doors are parts.');
  });

  it('gives a class its own methods in their order, then what it inherits and does not have', () => {
    const { methods, fields, bases, more } = model.classMethods('Door');
    expect(methods.map(({ name, inherited, from }) => [name, inherited, from])).toEqual([
      ['Door.lock', false, smallId('door.ts#Door')], ['Door.open', false, smallId('door.ts#Door')], ['Part.weigh', true, smallId('base.ts#Part')],
    ]);
    expect(fields).toEqual([{ name: 'key', inherited: false, from: smallId('door.ts#Door') }, { name: 'weight', inherited: true, from: smallId('base.ts#Part') }]);
    expect([names(bases), more]).toEqual([['Part'], false]);
    expect(() => model.classMethods('bolt')).toThrow(expect.objectContaining({ code: 'CASC_SYMBOL_NOT_FOUND' }));
  });

  it('follows a change to the tests that come to it, through those that inherit', () => {
    const bolt = model.impact('bolt', 6);
    expect(bolt.callers.map(({ name, depth }) => `${depth} ${name}`)).toEqual(['1 Door.lock', '2 shut', '3 sleep']);
    expect(bolt.tests.map(({ name, depth }) => `${depth} ${name}`)).toEqual(['2 test locks', '4 testSleep']);
    expect(bolt.counts).toEqual({ callers: 3, tests: 2, files: 5 });
    const door = model.impact('Door', 2);
    expect(names(door.callers)).toEqual(expect.arrayContaining(['shut', 'Gate', 'sleep']));
    expect(door.more).toBe(false);
  });

  it('counts what is indexed', () => {
    expect(model.stats()).toMatchObject({ functions: 9, tests: 2, classes: 3, documents: 1, edges: { DEPENDS_ON: 7, INHERITS: 3, CONTAINS: 4, DOCUMENTS: 1, TESTS: 1 }, calls: { call: 7, maybe: 0 } });
  });
});
