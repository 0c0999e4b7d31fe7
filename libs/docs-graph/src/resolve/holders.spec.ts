import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SourceReader } from '../facts/source-reader.js';
import type { IndexedFile } from '../indexing/indexed-file.js';
import { ScopeGraph } from '../indexing/scope-graph.js';

describe('calls on what a variable holds', () => {
  let reader: SourceReader;
  beforeAll(async () => { reader = await SourceReader.open(); });
  afterAll(() => reader.close());

  const read = (path: string, text: string): IndexedFile => ({ path, blob: text, facts: reader.read(path, Buffer.from(text)) });
  const edges = (graph: ScopeGraph): string[] => [...graph.slices()].flatMap((slice) => slice.edges).filter(({ table, toTable }) => table === 'DEPENDS_ON' && toTable === 'Function')
    .map(({ from, to, dependency_type: how }) => `${from.slice(4)} ${how} ${to.slice(4)}`);
  const of = (files: Record<string, string>): string[] => edges(new ScopeGraph({ repository: 'r', branch: 'b' }, Object.entries(files).map(([path, text]) => read(path, text))));
  /** Callees of the functions of a first file, by whose names they begin; all methods are there twice, so that no name is a guess. */
  const calls = (path: string, text: string, others: Record<string, string>): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const edge of of({ [path]: text, ...others })) {
      const [from = '', how = '', to = ''] = edge.split(' ');
      if (from.startsWith(`${path}#`)) found[from.slice(path.length + 1)] = [found[from.slice(path.length + 1)], `${how} ${to.replace(/^.*#/, '')}`].filter((one) => one !== undefined).join(', ');
    }
    return found;
  };

  it('are found in TypeScript, through types, constructors and what calls return', () => {
    const others = {
      'shop.ts': "import { Till } from './till.js';\nexport class Shop { static open(): Shop { return new Shop(); } sell(): Till { return new Till(); } both() {} self(): this { return this; } }\nexport async function make(): Promise<Shop> { return new Shop(); }\nexport function guess() { return new Shop(); }\nexport function either(a: string): Shop;\nexport function either(a: number): Door;\nexport class Door { both() {} shut() {} }\n",
      'till.ts': 'export class Till { both() {} }\n',
    };
    expect(calls('a.ts', `
import { Shop, Door, make, guess, either } from './shop.js';
const top = new Shop();
let late; export function init() { late = new Door(); }
function declared() { const x: Shop | undefined = y; x?.both(); }
function built() { const x = new Shop(); x.both(); }
function cast() { const x = y as Shop; x.both(); }
async function awaited() { const x = await make(); x.both(); }
function promise() { const x = make(); x.both(); }
function given() { const x = Shop.open(); const y = x.sell(); y.both(); }
function chained() { const x = Shop.open().self(); x.both(); }
function silent() { const x = guess(); x.both(); }
function several() { const x = either(1); x.both(); }
function twice() { let x = new Shop(); x = new Door(); x.both(); }
function same() { let x: Shop; x = new Shop(); x = y; x.both(); }
function looped() { for (const x of [new Shop()]) x.both(); }
function taken() { const { x } = y; x.both(); }
function caught() { try { y(); } catch (x) { x.both(); } }
function outer() { const x = new Shop(); function inner() { x.both(); } function shadows(x) { x.both(); } function typed(x: Door) { x.both(); } function other() { const x = new Door(); x.both(); } }
function atTop() { top.both(); late.both(); }
function named() { const Shop = new Door(); Shop.both(); Shop.open(); }
function called(make) { const x = make(); x.both(); }
function replaced() {
  const make = y;
  const x = make(); x.both();
}
function circle() { let x = y.sell(); let y = x.sell(); x.both(); }
class A { a = new Shop(); constructor() { this.b = new Door(); } run() { const me = this; me.walk(); this.a.both(); this.b.both(); } walk() {} }
class B { walk() {} }
`, others)).toEqual({
      declared: 'call Shop.both', built: 'call Shop.both', cast: 'call Shop.both', awaited: 'call make, call Shop.both', promise: 'call make', given: 'call Shop.open, call Shop.sell, call Till.both', chained: 'call Shop.open, maybe Shop.self',
      silent: 'call guess', several: 'call either', named: 'call Door.both', circle: 'maybe Shop.sell', same: 'call Shop.both', 'outer.inner': 'call Shop.both', 'outer.typed': 'call Door.both', 'outer.other': 'call Door.both', atTop: 'call Shop.both, call Door.both', 'A.run': 'call A.walk, call Shop.both, call Door.both',
    });
  });

  it('are found in JavaScript, where functions are classes, too', () => {
    expect(calls('a.js', "const { Shop } = require('./shop');\nfunction Old() {}\nOld.prototype.both = function () {};\nfunction built() { var x = new Shop(); x.both(); }\nfunction old() { var x = new Old(); x.both(); }\nfunction required() { const s = require('./shop'); s.make(); }\nfunction handed() { xs.map((x) => x.both()); }\n", { 'shop.js': 'class Shop { both() {} }\nfunction make() {}\nexports.Shop = Shop;\n' })).toEqual({
      built: 'call Shop.both', old: 'call Old, call Old.both', required: 'call make',
    });
  });

  it('are found in Python', () => {
    expect(calls('a.py', `
from shop import Shop, Door, make
import shop
app = Shop()
def declared():
    x: "Shop" = y
    x.both()
def built():
    x = Shop()
    x.both()
def dotted():
    x = shop.Shop()
    x.both()
def given():
    x = make()
    x.both()
def classmethod_of():
    x = Shop.create()
    x.both()
def twice():
    x = Shop()
    x = Door()
    x.both()
def none():
    x = None
    x = Shop()
    x.both()
def managed():
    with Shop() as x:
        x.both()
def looped():
    for x in [Shop()]:
        x.both()
def parameter(x: Shop):
    x = x.copy()
    x.both()
def untyped(x):
    x = Shop()
    x.both()
def outer():
    x = Shop()
    def inner():
        x.both()
def conflated():
    x = Shop()
    return lambda x: x.both()
def globally():
    global app
    app = Door()
    app.both()
def shadows():
    Shop = Door()
    Shop.create()
class A:
    def __init__(self, a: Shop):
        self.a = a
        self.b = Door()
    def run(self):
        self.a.both()
        self.b.both()
`, { 'shop.py': 'class Shop:\n    def both(self): pass\n    @classmethod\n    def create(cls) -> "Self": pass\nclass Door:\n    def both(self): pass\ndef make() -> Shop: pass\n' })).toEqual({
      declared: 'call Shop.both', built: 'call Shop.both', dotted: 'call Shop.both', given: 'call make, call Shop.both', classmethod_of: 'call Shop.create, call Shop.both', none: 'call Shop.both', parameter: 'call Shop.both', 'outer.inner': 'call Shop.both', 'A.run': 'call Shop.both, call Door.both',
    });
  });

  it('are found in Go', () => {
    expect(calls('a.go', `package a
import "example.com/x/shop"
var top = shop.New()
func declared() { var x *shop.Shop; x.Both() }
func literal() { x := shop.Shop{}; x.Both() }
func pointer() { x := &shop.Shop{}; x.Both() }
func allocated() { x := new(shop.Shop); x.Both() }
func made() { x := shop.New(); x.Both() }
func first() { x, err := shop.Open(); x.Both(); err.Both() }
func second() { _, x := shop.Open(); x.Both() }
func asserted() { x, ok := y.(*shop.Shop); x.Both() }
func results() (x *shop.Shop) { x.Both(); return }
func ranged() { for _, x := range shop.All() { x.Both() } }
func twice() { if x := shop.New(); true { x.Both() }; x := shop.Door{}; x.Both() }
func outer() { x := shop.New(); f := func() { x.Both() }; f() }
func conflated() { x := shop.New(); func(x shop.Door) { x.Both() }(y) }
func shadows() { shop := y; shop.New() }
func atTop() { top.Both() }
`, { 'go.mod': 'module example.com/x\n', 'shop/shop.go': 'package shop\ntype Shop struct {}\nfunc (s *Shop) Both() {}\ntype Door struct {}\nfunc (d Door) Both() {}\nfunc New() *Shop { return nil }\nfunc Open() (s *Shop, err error) { return }\nfunc All() []Shop { return nil }\n' })).toEqual({
      declared: 'call Shop.Both', literal: 'call Shop.Both', pointer: 'call Shop.Both', allocated: 'call Shop.Both', made: 'call New, call Shop.Both', first: 'call Open, call Shop.Both', second: 'call Open', asserted: 'call Shop.Both', results: 'call Shop.Both', ranged: 'call All',
      twice: 'call New', conflated: 'call New', outer: 'call New, call outer.f', atTop: 'call Shop.Both', 'outer.f': 'call Shop.Both',
    });
  });

  it('are found in Rust', () => {
    expect(calls('src/main.rs', `
mod shop;
mod colour;
use shop::{Shop, Door};
use colour::Colour;
fn declared() { let x: &Shop = y; x.both(); }
fn built() { let mut x = Shop::new(); x.both(); }
fn literal() { let x = Shop { a: 1 }; x.both(); }
fn opened() -> Option<()> { let x = Shop::open()?; x.both(); }
fn unwrapped() { let x = Shop::open().unwrap(); x.both(); }
fn result() { let x = Shop::open(); x.both(); }
fn derived() { let x = Shop::default(); x.both(); }
fn boxed() { let x = Arc::new(Shop::new()); x.both(); }
fn given() { let x = shop::make(); x.both(); }
fn again(x: &Shop) { let x = x.clone(); x.both(); }
fn shadowed() { let x = Shop::new(); let x = Door {}; x.both(); }
fn matched() { if let Some(x) = y { x.both(); } }
fn closure() { let x = Shop::new(); ys.map(|x| x.both()); }
fn path() { let shop = Door {}; shop::make(); }
fn variant() { let x = Colour::Shop(Shop::new()); x.both(); }
fn outside() { let x = Vec::new(); x.both(); }
`, { 'Cargo.toml': '[package]\nname = "a"\n', 'src/shop.rs': 'pub struct Shop { a: u8 }\nimpl Shop { pub fn new() -> Self { Shop { a: 1 } } pub fn open() -> Result<Self, E> {} pub fn both(&self) {} }\npub struct Door {}\nimpl Door { pub fn both(&self) {} }\npub fn make() -> Box<dyn Open> {}\npub trait Open { fn both(&self); }\n', 'src/colour.rs': 'pub enum Colour { Shop(u8) }\nimpl Colour { pub fn both(&self) {} }\n' })).toEqual({
      declared: 'call Shop.both', built: 'call Shop.new, call Shop.both', literal: 'call Shop.both', opened: 'call Shop.open, call Shop.both', unwrapped: 'call Shop.open, call Shop.both', result: 'call Shop.open', derived: 'call Shop.both', boxed: 'call Shop.new, call Shop.both',
      given: 'call make, call Open.both', again: 'call Shop.both', variant: 'call Shop.new, call Colour.both', shadowed: 'call Shop.new', closure: 'call Shop.new', path: 'call make',
    });
  });

  it('are found in Java, where fields and nested classes need no more than their names', () => {
    expect(calls('src/a/A.java', `package a; import b.*;
class A extends Base {
  Shop shop; static class Inner { void both() {} }
  void declared() { Shop x = y(); x.both(); }
  void inferred() { var x = new Shop(); x.both(); }
  void given() { var x = Shop.open(); x.both(); }
  void cast() { var x = (Door) y(); x.both(); }
  void looped(List<Door> all) { for (Door x : all) x.both(); for (var x2 : all) x2.both(); }
  void pattern(Object y) { if (y instanceof Shop x) x.both(); }
  void lambda(List<Door> all) { all.forEach(x -> x.both()); all.forEach((Door z) -> z.both()); }
  void twice() { { Shop x = y(); x.both(); } { Door x = y(); x.both(); } }
  void field() { shop.both(); door.both(); }
  void hidden(Door shop) { shop.both(); }
  void nested() { Inner x = new Inner(); x.both(); }
  void method() { Shop make = y(); make(); }
  Door make() { return null; }
}`, { 'src/b/B.java': 'package b; public class Shop { public static Shop open() { return null; } public void both() {} } ', 'src/b/Door.java': 'package b; public class Door { public void both() {} }', 'src/a/Base.java': 'package a; class Base { b.Door door; }' })).toEqual({
      'A.declared': 'call Shop.both', 'A.inferred': 'call Shop.both', 'A.given': 'call Shop.open, call Shop.both', 'A.cast': 'call Door.both', 'A.looped': 'call Door.both', 'A.pattern': 'call Shop.both', 'A.lambda': 'call Door.both', 'A.field': 'call Shop.both', 'A.hidden': 'call Door.both', 'A.nested': 'call A.Inner.both', 'A.method': 'call A.make',
    });
  });

  it('follow what another file says that it returns, or puts into a field', () => {
    const user = read('a.ts', "import { make } from './make.js';\nfunction run() { const x = make(); x.both(); x.part.both(); }\n");
    const classes = read('classes.ts', 'export class Shop { both() {} part = new Door(); }\nexport class Door { both() {} part = new Shop(); }\n');
    const make = (type: string): IndexedFile => read('make.ts', `import { Shop, Door } from './classes.js';\nexport function make(): ${type} { return y; }\n`);
    const graph = new ScopeGraph({ repository: 'r', branch: 'b' }, [user, classes, make('Shop')]);
    const called = (): string[] => edges(graph).filter((edge) => edge.endsWith('both')).map((edge) => edge.replace(/^.*#/, ''));
    expect(called()).toEqual(['Shop.both', 'Door.both']);
    graph.change({ put: [make('Door')], remove: [] });
    expect(called()).toEqual(['Door.both', 'Shop.both']);
    graph.change({ put: [read('classes.ts', 'export class Shop { both() {} part = new Door(); }\nexport class Door { both() {} part = other(); }\n')], remove: [] });
    expect(called()).toEqual(['Door.both']);
  });
});
