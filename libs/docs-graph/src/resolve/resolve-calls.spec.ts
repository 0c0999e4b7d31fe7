import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SourceSamples } from '../facts/testing/source-of.js';
import { callEdge, resolveCalls } from './resolve-calls.js';

describe('resolveCalls', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open(); });
  afterAll(() => samples.close());

  const edges = (files: Record<string, string>): string[] => {
    const facts = Object.entries(files).map(([path, text]) => samples.source(path, text));
    const found = resolveCalls(facts);
    expect(resolveCalls([...facts].reverse())).toEqual(found);
    return found.map((edge) => callEdge.parse(edge)).map(({ from, to, confidence }) => `${from.path}#${from.key} ${confidence} ${to.path}#${to.key}`);
  };

  it('follows TypeScript through scopes, imports and barrels', () => {
    expect(edges({
      'src/a.ts': "import { b as renamed, Shop } from './lib/index.js';\nimport * as all from './lib/b.js';\nimport out from 'package';\nfunction top() { function near() {} near(); renamed(); all.b(); Shop.open(); out(); out.b(); }\nfunction near() {}\nclass A extends Shop { run() { this.walk(); this.sell(); near(); walk(); } walk() {} }\n",
      'src/lib/index.ts': "export * from './b.js';\nexport { Shop } from './shop';\n",
      'src/lib/b.ts': 'export function b() {}\n',
      'src/lib/shop/index.ts': 'export class Shop { static open() {} sell() {} }\n',
      'src/far.ts': 'const far = (x) => { x.sell(); only(); };\nx.walk();\n',
      'src/only.ts': 'export function only() {}\n',
    })).toEqual([
      'src/a.ts#top call src/a.ts#top.near', 'src/a.ts#top call src/lib/b.ts#b', 'src/a.ts#top call src/lib/b.ts#b', 'src/a.ts#top call src/lib/shop/index.ts#Shop.open',
      'src/a.ts#A.run call src/a.ts#A.walk', 'src/a.ts#A.run call src/lib/shop/index.ts#Shop.sell', 'src/a.ts#A.run call src/a.ts#near',
      'src/far.ts#far maybe src/lib/shop/index.ts#Shop.sell', 'src/far.ts#far maybe src/only.ts#only', 'src/far.ts# maybe src/a.ts#A.walk',
    ]);
  });

  it('follows Python through packages', () => {
    expect(edges({
      'src/shop/__init__.py': 'from .door import lock\n',
      'src/shop/door.py': 'import shop.money as money\nfrom shop import money as cash\ndef lock():\n    money.pay()\n    cash.pay()\n',
      'src/shop/money.py': 'def pay(): pass\n',
      'tests/test_shop.py': 'import os\ndef test_lock():\n    os.pay()\n',
      'src/main.py': 'from shop import lock\nclass A:\n    def run(self):\n        self.go()\n        lock()\n    def go(self): pass\n',
    })).toEqual(['src/main.py#A.run call src/main.py#A.go', 'src/main.py#A.run call src/shop/door.py#lock', 'src/shop/door.py#lock call src/shop/money.py#pay', 'src/shop/door.py#lock call src/shop/money.py#pay']);
  });

  it('follows Go, Java and Rust through their packages', () => {
    expect(edges({
      'main.go': 'package main\nimport "example.com/x/shop"\nfunc main() { shop.Sell(); help() }\n', 'help.go': 'package main\nfunc help() {}\n', 'shop/shop.go': 'package shop\nfunc Sell() {}\n',
      'src/a/A.java': 'package a; import b.B; class A { void run() { B.make(); walk(); } void walk() {} }', 'src/b/B.java': 'package b; class B { static void make() {} }',
      'rs/src/main.rs': 'mod shop;\nuse crate::shop::sell;\nuse crate::shop;\nfn main() { sell(); shop::sell(); }\n', 'rs/src/shop.rs': 'pub fn sell() {}\n',
    })).toEqual([
      'main.go#main call shop/shop.go#Sell', 'main.go#main call help.go#help', 'rs/src/main.rs#main call rs/src/shop.rs#sell', 'rs/src/main.rs#main call rs/src/shop.rs#sell',
      'src/a/A.java#A.run call src/b/B.java#B.make', 'src/a/A.java#A.run call src/a/A.java#A.walk',
    ]);
  });

  it('gives no edge where the name says too little, and ends in circles', () => {
    expect(edges({
      'a.ts': "export * from './b';\nexport function one() { two(); get.it(); }\n", 'b.ts': "export * from './a';\nimport { gone } from './a';\ngone();\n",
      'c.ts': 'function two() {}\n', 'd.ts': 'function two() {}\n', 'f.spec.ts': "it('three', () => { three(); });\n", 'e.py': 'def one(): pass\n',
    })).toEqual([]);
  });
});
