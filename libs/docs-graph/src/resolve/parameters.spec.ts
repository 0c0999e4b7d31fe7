import { describe, expect, it } from '@jest/globals';
import type { LanguageName } from '../facts/file-facts.js';
import { arityOf, parametersOf, typeName } from './parameters.js';

describe('parametersOf', () => {
  it.each<[LanguageName, string, Record<string, string>]>([
    ['typescript', 'a: Shop, b?: Map<string, Door> = new Map(), ...c: T[]', { a: 'Shop', b: 'Map<string, Door>', c: 'T[]' }],
    ['typescript', 'private readonly shop: Shop, run: (a: B) => void, last', { shop: 'Shop', run: '(a: B) =>', last: '' }],
    ['javascript', '{ a, b: c = 1 }, [d] = []', { a: '', b: '', c: '', d: '' }],
    ['python', 'self, a: Shop = None, *b, **c', { self: '', a: 'Shop', b: '', c: '' }],
    ['go', 'a, b *Shop, c ...pkg.Door', { a: '*Shop', b: '*Shop', c: '...pkg.Door' }],
    ['rust', "&mut self, a: &'a mut Shop, (b, c): (u8, u8)", { self: '', a: "&'a mut Shop", b: '', c: '' }],
    ['java', 'final @Nullable("x") Shop<A, B> a, int... b', { a: 'Shop<A, B>', b: 'int...' }],
    ['go', '', {}],
  ])('%s: %s', (language, text, expected) => {
    expect(Object.fromEntries(parametersOf(language, text))).toEqual(expect.objectContaining(Object.fromEntries(Object.entries(expected).map(([name, type]) => [name, expect.stringContaining(type)]))));
    expect([...parametersOf(language, text).keys()].sort()).toEqual(Object.keys(expected).sort());
  });
});

describe('arityOf', () => {
  it.each<[LanguageName, string, number, number]>([
    ['java', '', 0, 0], ['java', 'final Map<A, B> a, @X("a, b") int b', 2, 2], ['java', 'Shop this, int... a', 0, Infinity], ['java', 'int a /* one, two */, int b', 2, 2],
    ['typescript', 'this: Shop, a: Map<A, B>, b?: (c: D, e: F) => void', 1, 2], ['typescript', "a = ',', b: string = 'x', ...c: D[]", 0, Infinity], ['tsx', '{ a, b = 1 }: Props, [c]?: D[]', 1, 2],
    ['typescript', 'a: (b?: C) => D, e: () => F = g', 1, 2],
  ])('%s: (%s) takes %s to %s', (language, text, least, most) => {
    expect(arityOf(language, text)).toEqual({ least, most });
  });

  it('says nothing where it would distinguish nothing', () => {
    expect((['javascript', 'python', 'go', 'rust'] as const).map((language) => arityOf(language, 'a'))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('takes no time for patterns that never end', () => {
    expect(arityOf('typescript', '{}'.repeat(5_000))).toEqual({ least: 1, most: 1 });
  });
});

describe('typeName', () => {
  it.each([
    ['Shop', 'Shop'], ['*Shop[T]', 'Shop'], ["&'a mut a::Shop<T>", 'a.Shop'], ['Shop | undefined', 'Shop'], ['Arc<Box<dyn Door>>', 'Door'], ['Optional["Shop"]', 'Shop'], ['"Shop"', 'Shop'],
    ['Shop[]', ''], ['A | B', ''], ['() => Shop', ''], ['{ a: B }', ''], ['[]Shop', ''], ['', ''], ['Readonly<Shop>', 'Shop'], ['Shop?', 'Shop'],
  ])('%s means %j', (type, name) => {
    expect(typeName(type)).toBe(name);
  });
});
