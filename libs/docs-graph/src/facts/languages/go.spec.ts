import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callLines, classLines, functionLines, importLines, SourceSamples } from '../testing/source-of.js';

describe('Go', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open('go'); });
  afterAll(() => samples.close());

  const shop = `// Package shop sells.
package shop

import (
	"fmt"
	m "math/v2"
	. "os"
	_ "image/png"
	"github.com/x/pretty/v3"
)

// Shop sells things.
type Shop[T any] struct {
	Base
	*pkg.Door
	size int
}

type (
	// Opener opens.
	Opener interface {
		io.Closer
		// Open it.
		Open(wide bool) error
	}
	Handler func(int) int
	Money = int64
)

// Sell takes money.
//go:noinline
func (s *Shop[T]) Sell(item T, more ...T) (int, error) {
	price := func(i T) int { return s.prices.Of(i) }
	defer fmt.Println(price(item))
	return Round[int](1), nil
}
`;

  it('has functions, and methods under their receiver', () => {
    const facts = samples.source('shop.go', shop);
    expect(functionLines(facts)).toEqual([
      '24-24 method Opener.Open(wide bool): error -- Open it.',
      '32-36 method Shop.Sell(item T, more ...T): (int, error) -- Sell takes money.',
      '33-33 function Shop.Sell.price(i T): int',
    ]);
    expect(classLines(facts)).toEqual(['13-17 struct Shop < Base, pkg.Door -- Shop sells things.', '21-25 interface Opener < io.Closer -- Opener opens.', '26-26 type Handler', '27-27 type Money']);
    expect(callLines(facts)).toEqual(['33 Shop.Sell.price -> s.prices . Of', '34 Shop.Sell -> fmt . Println', '34 Shop.Sell -> price', '35 Shop.Sell -> Round']);
    expect(importLines(facts)).toEqual(['5 fmt * as fmt', '6 math/v2 * as m', '7 os * as -', '8 image/png - as -', '9 github.com/x/pretty/v3 * as pretty']);
  });

  it('knows the tests of package testing', () => {
    const text = 'package a\nfunc TestA(t *testing.T) {}\nfunc Testing(t *testing.T) {}\nfunc TestMain(m *testing.M) {}\nfunc BenchmarkB(b *testing.B) {}\nfunc ExampleC() {}\nfunc help(t *testing.T) {}\n';
    const tests = (path: string): string[] => samples.source(path, text).functions.filter((one) => one.isTest).map((one) => one.key);
    expect(tests('a_test.go')).toEqual(['TestA', 'BenchmarkB', 'ExampleC']);
    expect(tests('a.go')).toEqual([]);
  });
});
