import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callLines, classLines, functionLines, importLines, SourceSamples } from '../testing/source-of.js';

describe('TypeScript', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open('typescript', 'tsx', 'javascript'); });
  afterAll(() => samples.close());

  const shop = `import type { Clock } from './clock.js';

/**
 * Sells things.
 * @deprecated
 */
@Injectable()
export abstract class Shop<T> extends Base<T> implements Open, Closed.Door {
  /** Takes money. */
  @Log()
  private async sell(item: T, ...more: T[]): Promise<Receipt<T>> {
    const price = this.prices.of(item);
    return new Receipt(round(price), new money.Euro(1));
  }
  // How it ends.
  readonly close = (): void => { this.door?.shut(); };
  static #count = function (n: number) { return n; };
  abstract restock(): void;
  get size(): number { return 1; }
}

/* Nobody's: a line is between. */

export interface Door extends Thing<1>, Other { open(wide?: boolean): asserts this is Door; }
export type Key = string;
enum Colour { Red }
namespace Deep.Down { export function inner(): void { outer(); } }
function outer(this: Shop<1>): void; // trailing
function outer(): void {}
export default async function () { await outer(); }
`;

  it('has functions, methods and what holds them', () => {
    const facts = samples.source('src/shop.ts', shop);
    expect(functionLines(facts)).toEqual([
      '11-14 method Shop.sell(item: T, ...more: T[]): Promise<Receipt<T>> -- Takes money.',
      '16-16 method Shop.close(): void -- How it ends.',
      '17-17 method Shop.#count(n: number)',
      '18-18 method Shop.restock(): void',
      '19-19 method Shop.size(): number',
      '24-24 method Door.open(wide?: boolean): asserts this is Door',
      '27-27 function Deep.Down.inner(): void',
      '28-28 function outer(this: Shop<1>): void',
      '29-29 function outer~2(): void',
      '30-30 function default()',
    ]);
    expect(classLines(facts)).toEqual([
      '8-20 class Shop < Base, Open, Closed.Door -- Sells things.\n@deprecated',
      '24-24 interface Door < Thing<1>, Other',
      '25-25 type Key',
      '26-26 enum Colour',
    ]);
    expect(facts).toMatchObject({ damage: [], cut: [], lines: 30 });
  });

  it('has calls with their receiver, and the function in which they stand', () => {
    expect(callLines(samples.source('src/shop.ts', shop))).toEqual([
      '7 - -> Injectable', '10 - -> Log',
      '12 Shop.sell -> this.prices . of', '13 Shop.sell -> Receipt', '13 Shop.sell -> round', '13 Shop.sell -> money . Euro',
      '16 Shop.close -> this.door . shut', '27 Deep.Down.inner -> outer', '30 default -> outer',
    ]);
  });

  it('has every form of import', () => {
    expect(importLines(samples.source('a.mts', [
      'import first, { a, b as c, type D } from "./x.js";', "import * as all from 'y';", "import 'side';", "import old = require('old');",
      "export { q, r as s } from './z';", "export * from './w';", "export * as v from './v';", "const f = require('fs'), { g, h: i } = require('gi');",
      "const lazy = await import('lazy');", 'const no = acquire("no"), neither = require(name);',
    ].join('\n')))).toEqual([
      '1 ./x.js default as first', '1 ./x.js a as a', '1 ./x.js b as c', '1 ./x.js D as D', '2 y * as all', '3 side - as -', '4 old * as old',
      '5 ./z q as q again', '5 ./z r as s again', '6 ./w * as - again', '7 ./v * as v again', '8 fs * as f', '8 gi g as g', '8 gi h as i', '9 lazy * as -',
    ]);
  });

  it('counts arguments where their number is said', () => {
    expect(samples.source('a.ts', 'f(); f(1, (a, b) => g(a), /* c */); f(...x); f`x`; new A; new A(1); x.y.z({ a, b }, [c, d]);').calls.map((one) => `${one.callee} ${one.arguments}`))
      .toEqual(['f 0', 'f 2', 'g 1', 'f undefined', 'f undefined', 'A undefined', 'A undefined', 'z 2']);
  });

  it('knows tests by their calls, under the titles of their suites', () => {
    const facts = samples.source('a.spec.ts', `
describe('Shop', () => {
  beforeEach(() => reset());
  it('sells', async () => { await sell(); });
  it.each([1, 2])(\`takes %i\`, (n) => { expect(pay(n)).toBe(n); });
  describe.skip("later", function () { test('x', function () {}); });
  app.get('/route', () => answer());
});`);
    expect(functionLines(facts)).toEqual(['4-4 test Shop.sells()', '5-5 test Shop.takes %i(n)', '6-6 test Shop.later.x()']);
    expect(callLines(facts).filter((line) => /> (?:sell|pay|reset|answer)/.test(line))).toEqual(['3 - -> reset', '4 Shop.sells -> sell', '5 Shop.takes %i -> pay', '7 - -> answer']);
  });

  it('reads TSX with a grammar of its own', () => {
    const facts = samples.source('Page.tsx', 'export const Page = ({ title }: Props): JSX.Element => <Frame onClick={() => open(title)}>{title as string}</Frame>;\n');
    expect(facts).toMatchObject({ language: 'tsx', damage: [] });
    expect(functionLines(facts)).toEqual(['1-1 function Page({ title }: Props): JSX.Element']);
    expect(callLines(facts)).toEqual(['1 Page -> open']);
  });
});

describe('JavaScript', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open('javascript'); });
  afterAll(() => samples.close());

  it('has functions in all the places where they are put', () => {
    expect(functionLines(samples.source('lib/a.cjs', `
function* walk(tree, { deep = true } = {}) {}
const one = x => x, two = async function (a) {};
exports.three = function () {};
module.exports.four = () => {};
Tree.prototype.grow = function (by) {};
const table = { five() {}, 'six-7': () => 1, get eight() { return 8; } };
class Leaf extends mix(Tree) { #fall = () => {}; static async *drop() {} }
export default class { constructor() {} }
`))).toEqual([
      '2-2 function walk(tree, { deep = true } = {})', '3-3 function one(x)', '3-3 function two(a)', '4-4 function three()', '5-5 function four()', '6-6 method Tree.grow(by)',
      '7-7 function table.five()', '7-7 function table.six-7()', '7-7 function table.eight()', '8-8 method Leaf.#fall()', '8-8 method Leaf.drop()', '9-9 method default.constructor()',
    ]);
    expect(classLines(samples.source('a.mjs', 'class Leaf extends mix(Tree) {}\nconst Bud = class {}; export default class {}'))).toEqual(['1-1 class Leaf < mix(Tree)', '2-2 class Bud', '2-2 class default']);
  });
});
