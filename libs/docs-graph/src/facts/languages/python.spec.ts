import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callLines, classLines, functionLines, importLines, SourceSamples } from '../testing/source-of.js';

describe('Python', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open('python'); });
  afterAll(() => samples.close());

  it('has definitions with docstrings, or the comment above', () => {
    const facts = samples.source('shop.py', `"""The module."""

@dataclass(frozen=True)
class Shop(Base, generic[T], metaclass=Meta):
    """Sells.

        Indented.
    """

    # Takes money.
    @log("x")
    async def sell(self, item: T, *more: T,
                   gift: bool = False) -> list[Receipt]:
        def inner(): return pay(self.prices[item].of())
        return inner()

    size = lambda self: 1

def größe(ñ): r'''Wie groß.'''
`);
    expect(functionLines(facts)).toEqual([
      '12-15 method Shop.sell(self, item: T, *more: T, gift: bool = False): list[Receipt] -- Takes money.',
      '14-14 function Shop.sell.inner()', '17-17 method Shop.size(self)', '19-19 function größe(ñ) -- Wie groß.',
    ]);
    expect(classLines(facts)).toEqual(['4-17 class Shop < Base, generic[T] -- Sells.\n\nIndented.']);
    expect(callLines(facts)).toEqual(['3 - -> dataclass', '11 - -> log', '14 Shop.sell.inner -> pay', '14 Shop.sell.inner -> self.prices[item] . of', '15 Shop.sell -> inner']);
  });

  it('has every form of import', () => {
    expect(importLines(samples.source('a.py', 'from __future__ import annotations\nimport os.path as p, sys\nfrom . import x\nfrom ..a.b import (c as d, e)\nfrom q import *\ndef f():\n    import late\n'))).toEqual([
      '1 __future__ annotations as annotations again', '2 os.path * as p', '2 sys * as sys', '3 . x as x again', '4 ..a.b c as d again', '4 ..a.b e as e again', '5 q * as - again', '7 late * as late',
    ]);
  });

  it('knows tests by their names, where pytest and unittest look for them', () => {
    const tests = (path: string): string[] => samples.source(path, 'def test_a(): pass\nclass TestB:\n    def test_c(self): pass\n    def helper(self): pass\nclass Other:\n    def test_d(self): pass\nclass E(unittest.TestCase):\n    def testF(self): pass\n')
      .functions.filter((one) => one.isTest).map((one) => one.key);
    expect(tests('tests/test_shop.py')).toEqual(['test_a', 'TestB.test_c', 'E.testF']);
    expect(tests('shop_test.py')).toEqual(['test_a', 'TestB.test_c', 'E.testF']);
    expect(tests('shop.py')).toEqual(['E.testF']);
  });
});
