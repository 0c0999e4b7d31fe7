import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SourceReader } from '../facts/source-reader.js';
import { ScopeGraph } from '../indexing/scope-graph.js';

describe('links between files', () => {
  let reader: SourceReader;
  beforeAll(async () => { reader = await SourceReader.open(); });
  afterAll(() => reader.close());

  /** Edges of one table, as `from confidence to`. */
  const edges = (files: Record<string, string>, ...tables: string[]): string[] => {
    const graph = new ScopeGraph({ repository: 'r', branch: 'b' }, Object.entries(files).map(([path, text]) => ({ path, blob: 'x', facts: reader.read(path, Buffer.from(text)) })));
    return [...graph.slices()].flatMap((slice) => slice.edges).filter(({ table }) => (tables.length === 0 ? ['DEPENDS_ON'] : tables).includes(table))
      .map(({ from, to, dependency_type: how }) => `${from.slice(4)} ${how === '' ? '->' : how} ${to.slice(4)}`);
  };

  it('follow TypeScript through scopes, imports, barrels and types', () => {
    expect(edges({
      'src/a.ts': "import { b as renamed, Shop } from './lib/index.js';\nimport * as all from './lib/b.js';\nimport out from 'package';\nfunction top() { function near() {} near(); renamed(); all.b(); Shop.open(); out(); out.b(); }\nfunction near() {}\nclass A extends Shop { run() { this.walk(); this.sell(); super.sell(); near(); walk(); } walk() {} }\n",
      'src/lib/index.ts': "export * from './b.js';\nexport { Shop } from './shop';\n",
      'src/lib/b.ts': 'export function b() {}\n',
      'src/lib/shop/index.ts': 'export class Shop { static open() {} sell() {} }\n',
      'src/far.ts': 'const far = (x) => { x.sell(); only(x, x); only(); };\nx.walk();\n',
      'src/only.ts': "import { Shop } from './lib';\nexport function only(near: Shop, run: () => void) { near.sell(); run(); near(); }\nclass B { constructor(private readonly shop: Shop) {} go() { this.shop.sell(); this.other.sell(); } }\n",
    })).toEqual([
      'src/a.ts#top call src/a.ts#top.near', 'src/a.ts#top call src/lib/b.ts#b', 'src/a.ts#top call src/lib/shop/index.ts#Shop.open',
      'src/a.ts#A.run call src/a.ts#A.walk', 'src/a.ts#A.run call src/lib/shop/index.ts#Shop.sell', 'src/a.ts#A.run call src/a.ts#near',
      'src/far.ts#far maybe src/lib/shop/index.ts#Shop.sell', 'src/far.ts#far maybe src/only.ts#only',
      'src/only.ts#only call src/lib/shop/index.ts#Shop.sell', 'src/only.ts#B.go call src/lib/shop/index.ts#Shop.sell',
    ]);
  });

  it("follow tsconfig's paths and the packages of a workspace", () => {
    expect(edges({
      'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@app/*": ["./apps/*/src/index.ts"] } } }', 'apps/a/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "baseUrl": "src" } }',
      'apps/a/src/index.ts': "import { b } from '@app/b';\nimport { c } from '@lib/c';\nimport { d } from '@lib/c/d';\nimport { e } from 'e';\nimport { f } from '@lib/none';\nfunction a() { b(); c(); d(); e(); f(); }\n",
      'apps/a/src/e.ts': 'export function e() {}', 'apps/b/src/index.ts': 'export function b() {}', 'libs/c/package.json': '{"name":"@lib/c","exports":{".":"./dist/main.js","./d":{"import":"./other/d.js"}}}',
      'libs/c/src/main.ts': 'export function c() {}', 'libs/c/other/d.ts': 'export function d() {}', 'far/f.ts': 'export function f() {}',
    })).toEqual(['apps/a/src/index.ts#a call apps/b/src/index.ts#b', 'apps/a/src/index.ts#a call libs/c/src/main.ts#c', 'apps/a/src/index.ts#a call libs/c/other/d.ts#d', 'apps/a/src/index.ts#a call apps/a/src/e.ts#e']);
  });

  it('follow Python through packages', () => {
    expect(edges({
      'src/shop/__init__.py': 'from .door import lock\n',
      'src/shop/door.py': 'import shop.money as money\nfrom shop import money as cash\nimport json\nfrom shop.money import Till\ndef lock(till: Till):\n    money.pay()\n    cash.pay()\n    json.pay()\n    till.count_up()\n',
      'src/shop/money.py': 'def pay(): pass\nclass Till:\n    def count_up(self): pass\n',
      'src/shop/json.py': 'def pay(): pass\n',
      'tests/test_shop.py': 'import os\nimport shop.money\nfrom shop import lock\ndef test_lock():\n    os.pay()\n    shop.money.pay()\n    lock()\n',
      'src/main.py': 'from shop import lock\nclass A:\n    def run(self):\n        self.go()\n        lock()\n    def go(self): pass\nclass B(A):\n    def run_all(self):\n        self.run()\n        super().go()\n',
    }, 'DEPENDS_ON', 'TESTS')).toEqual([
      'src/main.py#A.run call src/main.py#A.go', 'src/main.py#A.run call src/shop/door.py#lock', 'src/main.py#B.run_all call src/main.py#A.run', 'src/main.py#B.run_all call src/main.py#A.go',
      'src/shop/door.py#lock call src/shop/money.py#pay', 'src/shop/door.py#lock call src/shop/money.py#Till.count_up',
      'tests/test_shop.py#test_lock call src/shop/money.py#pay', 'tests/test_shop.py#test_lock call src/shop/money.py#pay', 'tests/test_shop.py#test_lock call src/shop/door.py#lock', 'tests/test_shop.py#test_lock call src/shop/door.py#lock',
    ]);
  });

  it('follow Go through modules and packages', () => {
    const files = {
      'go.mod': 'module example.com/x\n', 'main.go': 'package main\nimport "example.com/x/shop"\nimport "encoding/json"\nfunc main() { shop.Sell(); help(); json.Sell() }\n', 'help.go': 'package main\nfunc help() {}\n',
      'shop/shop.go': 'package shop\ntype Shop struct { Base; door *Door }\nfunc Sell() {}\n', 'shop/more.go': 'package shop\nfunc (s *Shop) Open(d Door) { s.Close(); s.door.Lock(); d.Lock(); s.Base.Run() }\nfunc (s *Shop) Close() {}\ntype Door struct {}\nfunc (d Door) Lock() {}\ntype Base struct {}\nfunc (b Base) Run() {}\n',
      'shop/json/x.go': 'package json\nfunc Sell() {}\n',
    };
    expect(edges(files)).toEqual(['main.go#main call shop/shop.go#Sell', 'main.go#main call help.go#help', 'shop/more.go#Shop.Open call shop/more.go#Shop.Close', 'shop/more.go#Shop.Open call shop/more.go#Door.Lock', 'shop/more.go#Shop.Open call shop/more.go#Base.Run']);
    expect(edges(files, 'INHERITS', 'IMPORTS')).toEqual(['main.go -> shop/more.go', 'main.go -> shop/shop.go', 'shop/shop.go#Shop call shop/more.go#Base']);
    expect(edges(files, 'CONTAINS').filter((edge) => / shop.shop.go#Shop |shop.shop.go#Shop ->/.test(edge))).toEqual(['shop/shop.go#Shop -> shop/more.go#Shop.Open', 'shop/shop.go#Shop -> shop/more.go#Shop.Close']);
  });

  it('follow Java through packages, source folders and what is inherited', () => {
    expect(edges({
      'src/main/java/a/A.java': 'package a; import b.B; import static b.B.make; import c.*; class A extends B { B other; void run(C c) { B.make(); make(); walk(); open(); other.open(); c.close(); x.open(); } void walk() {} }',
      'src/main/java/b/B.java': 'package b; public class B { static void make() {} void open() {} }', 'lib/c/C.java': 'package c; public class C { void close() {} }',
      'src/test/java/a/ATest.java': 'package a; class ATest { @Test void t() { new A().walk(); help(); } void help() { A.walk(); } }',
    }, 'DEPENDS_ON', 'TESTS', 'INHERITS', 'IMPORTS')).toEqual([
      'src/main/java/a/A.java -> src/main/java/b/B.java', 'src/main/java/a/A.java#A.run call src/main/java/b/B.java#B.make', 'src/main/java/a/A.java#A.run call src/main/java/a/A.java#A.walk', 'src/main/java/a/A.java#A.run call src/main/java/b/B.java#B.open',
      'src/main/java/a/A.java#A.run call lib/c/C.java#C.close', 'src/main/java/a/A.java#A call src/main/java/b/B.java#B',
      'src/test/java/a/ATest.java#ATest.t call src/main/java/a/A.java#A', 'src/test/java/a/ATest.java#ATest.t maybe src/main/java/a/A.java#A.walk', 'src/test/java/a/ATest.java#ATest.t maybe src/main/java/a/A.java#A.walk',
      'src/test/java/a/ATest.java#ATest.t call src/test/java/a/ATest.java#ATest.help', 'src/test/java/a/ATest.java#ATest.help call src/main/java/a/A.java#A.walk', 'src/test/java/a/ATest.java#ATest.help call src/main/java/a/A.java#A.walk',
    ]);
  });

  it("choose Java's overloads by the number of arguments, and only guess where types decide", () => {
    expect(edges({
      'a/A.java': `package a; class A extends B {
  int one(int a) { return one(a, 2); } int one(int a, int b) { return one(a, b); }
  void list(String a, Object... b) {} void list(String a) {} void all() { list("x"); list("x", 1, 2); list(); up(1); up(1, 2); other.up(); }
  void typed(int a) { typed("x"); } void typed(String a) { many(a); } void many(int a) {} void many(String a) {}
  class Inner { void run() { up(1, 2); one(1); } void one() {} }
  A(int a) {} A() { new A(1); } static A make() { return new A(1, 2); }
}`,
      'a/B.java': 'package a; class B { void up() {} void up(int a, int b) {} }', 'a/C.java': 'package a; class C { void up(int a, B b) { b.up(a); b.up(); this.up(a); A.make(1); x.outer(1); } void outer() {} }',
    })).toEqual([
      'a/A.java#A.one call a/A.java#A.one~2', 'a/A.java#A.one~2 call a/A.java#A.one~2', 'a/A.java#A.all call a/A.java#A.list~2', 'a/A.java#A.all call a/A.java#A.list', 'a/A.java#A.all call a/B.java#B.up~2',
      'a/A.java#A.typed call a/A.java#A.typed~2', 'a/A.java#A.typed~2 maybe a/A.java#A.many', 'a/A.java#A.Inner.run call a/B.java#B.up~2', 'a/A.java#A.Inner.run call a/A.java#A.one',
      'a/A.java#A.A~2 call a/A.java#A.A', 'a/A.java#A.make call a/A.java#A', 'a/C.java#C.up call a/B.java#B.up',
    ]);
  });

  it("choose TypeScript's signatures by the number of arguments", () => {
    expect(edges({
      'a.ts': 'export function sell(): void;\nexport function sell(a: string, b?: number): void;\nexport function sell(...all: unknown[]) {}\nclass A { run(a: string): void; run(): void; run(a?: string) { this.run(); this.run(...a); } }\n',
      'b.ts': "import { sell } from './a';\nfunction none() { sell(); }\nfunction two() { sell('a', 1); }\nfunction more() { sell(1, 2, 3); }\nfunction any(all: string[]) { sell(...all); }\nconst less = (sold: () => void) => { near(1); };\nconst near = () => {};\n",
      'c.ts': 'function far(x) { x.onlyOnce(1); x.onlyOnce(); }\n', 'd.ts': 'class D { onlyOnce(a: string) {} }\n',
    })).toEqual(['a.ts#A.run~3 call a.ts#A.run~2', 'a.ts#A.run~3 call a.ts#A.run', 'b.ts#none call a.ts#sell', 'b.ts#two call a.ts#sell~2', 'b.ts#more call a.ts#sell~3', 'b.ts#any call a.ts#sell', 'b.ts#less call b.ts#near', 'c.ts#far maybe d.ts#D.onlyOnce']);
  });

  it('follow Rust through modules and crates', () => {
    expect(edges({
      'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n', 'crates/app/Cargo.toml': '[package]\nname = "app"\n', 'crates/my-shop/Cargo.toml': '[package]\nname = "my-shop"\n',
      'crates/app/src/main.rs': 'mod till;\nuse my_shop::door::Door;\nuse my_shop::sell as trade;\nuse crate::till::Till;\nfn main() { trade(); till::count(); my_shop::sell(); Till::new(); open(&d); std::sell(); }\nfn open(d: &Door) { d.lock(); d.fmt() }\n',
      'crates/app/src/till.rs': 'use super::main;\npub struct Till { next: Option<Box<Till>> }\nimpl Till { pub fn new() -> Self { Self::make() } fn make() -> Self { main(); self.next.add_one() } fn add_one(&self) {} }\npub fn count() {}\nmod tests { use super::*; #[test] fn t() { count(); Till::new(); } }\n',
      'crates/my-shop/src/lib.rs': 'pub mod door;\npub fn sell() { self::door::knock() }\n', 'crates/my-shop/src/door.rs': 'pub struct Door;\nimpl Door { pub fn lock(&self) { crate::sell() } }\npub fn knock() {}\n',
    }, 'DEPENDS_ON', 'TESTS')).toEqual([
      'crates/app/src/main.rs#main call crates/my-shop/src/lib.rs#sell', 'crates/app/src/main.rs#main call crates/app/src/till.rs#count', 'crates/app/src/main.rs#main call crates/app/src/till.rs#Till.new', 'crates/app/src/main.rs#main call crates/app/src/main.rs#open',
      'crates/app/src/main.rs#open call crates/my-shop/src/door.rs#Door.lock',
      'crates/app/src/till.rs#Till.new call crates/app/src/till.rs#Till.make', 'crates/app/src/till.rs#Till.make call crates/app/src/main.rs#main', 'crates/app/src/till.rs#Till.make call crates/app/src/till.rs#Till.add_one',
      'crates/app/src/till.rs#tests.t call crates/app/src/till.rs#count', 'crates/app/src/till.rs#tests.t call crates/app/src/till.rs#count', 'crates/app/src/till.rs#tests.t call crates/app/src/till.rs#Till.new', 'crates/app/src/till.rs#tests.t call crates/app/src/till.rs#Till.new',
      'crates/my-shop/src/door.rs#Door.lock call crates/my-shop/src/lib.rs#sell', 'crates/my-shop/src/lib.rs#sell call crates/my-shop/src/door.rs#knock',
    ]);
  });

  it('documents what a section names as code, when only one thing has that name', () => {
    expect(edges({
      'README.md': 'About `sellAll`.\n\n# Use\nCall `Shop.open()` or `open`, `Shop` and run:\n```\nlockDoor(1); print(x)\n```\n`run()` `twice_here`\n', 'a.ts': 'export class Shop { open() {} }\nexport function sellAll() {}\nexport function run() {}\nfunction lockDoor() {}\nfunction print() {}', 'b.ts': 'function twice_here() {}', 'c.py': 'def twice_here(): pass\n',
    }, 'DOCUMENTS')).toEqual(['README.md# -> a.ts#sellAll', 'README.md#Use -> a.ts#Shop.open', 'README.md#Use -> a.ts#Shop', 'README.md#Use -> a.ts#lockDoor', 'README.md#Use -> a.ts#run']);
  });

  it('are not there where the name says too little, and end in circles', () => {
    expect(edges({
      'a.ts': "export * from './b';\nexport class A extends B {}\nexport class B extends A { x() { this.y(); } }\nexport function one() { two(); get.it(); }\n", 'b.ts': "export * from './a';\nimport { gone } from './a';\nfunction f() { gone(); }\n",
      'c.ts': 'function two() {}\n', 'd.ts': 'function two() {}\n', 'f.spec.ts': "it('three', () => { three(); });\n", 'e.py': 'def one(): pass\n',
    })).toEqual([]);
  });
});
