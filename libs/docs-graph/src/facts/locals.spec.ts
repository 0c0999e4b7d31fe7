import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import { callLines, localLines, SourceSamples } from './testing/source-of.js';

describe('variables on which something is called', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open(); });
  afterAll(() => samples.close());

  it.each([
    ['declared, made and asserted', 'a.ts', 'function f() { const a: Foo = b; a.m(); const c = new q.Foo<T>(); c.m(); const d = await this.s.make<T>(1); d!.m(); const e = (b as Foo); e?.m(); const g = b!; g.m(); }', ['f/a: Foo', 'f/c: q.Foo', 'f/d: this.s.make()!', 'f/e: Foo', 'f/g: ?']],
    ['bound in ways that tell nothing', 'a.ts', 'function f() { for (const a of b) a.m(); try {} catch (c) { c.m(); } const { d, e: g, ...h } = i; d.m(); g.m(); h.m(); const [j = 1] = k; j.m(); const l = m ? n : o; l.m(); }', ['f/a: ?', 'f/c: ?', 'f/d: ?', 'f/g: ?', 'f/h: ?', 'f/j: ?', 'f/l: ?']],
    ['bound twice', 'a.ts', 'function f() { let a = new A(); a = new B(); a.m(); let b; b = null; b = new A(); b.m(); let c: A; c = d(); c.m(); if (e) { const g = new A(); g.m(); } else { const g = h; g.m(); } }', ['f/a: A', 'f/a: B', 'f/b: A', 'f/c: A', 'f/g: ?']],
    ['of functions around, and not of their parameters', 'a.ts', 'function f(a: A) { const b = new B(); const c = new C(); function g(b) { b.m(); c.m(); a.m(); xs.map((d: D) => d.m()); } function h() { c.m(); xs.map((c) => c.m()); } a = 1; }', ['f/c: C', 'f.g/d: D', 'f.h/c: ?']],
    ['no definitions, imports or those that hold nothing', 'a.js', "const a = () => {}; a.m(); const b = require('b'); b.m(); const { c } = require('c'); c.m(); const d = { e() {} }; d.e(); let g = null; g.m(); let h; h.m(); const i = class {}; i.m();", []],
    ['set elsewhere than declared', 'a.js', 'let a; function f() { a = new A(); } function g() { a.m(); const self = this; self.m(); }', ['/a: A', 'g/self: this']],
    ['in Python', 'a.py', 'app = App()\ndef f(p: P):\n  a: A = b()\n  a = c()\n  a.m()\n  d = A()\n  d = None\n  d.m()\n  e = await self.s.make()\n  e.m()\n  for g in h: g.m()\n  with i() as j: j.m()\n  k, l = n\n  k.m()\n  p = p.q\n  p.m()\n  [o.m() for o in r]\n  if (t := A()): t.m()\n  app.m()\n  u = v = A()\n  u.m()\n', ['f/a: A', 'f/d: A()', 'f/e: self.s.make()!', 'f/g: ?', 'f/j: ?', 'f/k: ?', 'f/o: ?', 'f/t: A()', '/app: App()', 'f/u: A()']],
    ['of other scopes in Python', 'a.py', 'a = A()\nb = A()\ndef f():\n  c = A()\n  def g():\n    global a\n    nonlocal c\n    a = c = B()\n    a.m()\n  c.m()\n  a.m()\n  b.m()\nclass C:\n  b = B()\n  b.m()\n', ['f.g/a: ?', 'f/c: ?', 'f/a: ?', '/b: A()']],
    ['in Go', 'a.go', 'package a\nvar pk = New()\nfunc (r *R) f(p *P) (res *Q, err error) { a, err := g(); a.m(); err.Error(); b := &Foo{}; b.m(); c := q.Foo[int]{}; c.m(); var d *q.Foo; d.m(); e, ok := i.(*T); e.m(); n := new(N); n.m(); h, j := A{}, k(); h.m(); j.m(); res.m(); p.m(); for _, l := range xs { l.m() }; o := q.New[int](1); o.m(); fn := func() {}; fn(); pk.m() }\n',
      ['R.f/a: g()', 'R.f/err: ?', 'R.f/b: Foo', 'R.f/c: q.Foo[int]', 'R.f/d: *q.Foo', 'R.f/e: *T', 'R.f/n: N', 'R.f/h: A', 'R.f/j: k()', 'R.f/res: *Q', 'R.f/l: ?', 'R.f/o: q.New()', '/pk: New()']],
    ['in Rust', 'a.rs', 'impl A { fn f(&self, p: P) { let mut a = Foo::new(); a.m(); let b = Foo::<T> { c: 1 }; b.m(); let d = make().await?; d.m(); let e = self.s.make().unwrap(); e.m(); let g = Arc::new(Box::new(B::new())); g.m(); if let Some(h) = i { h.m() } let j: &C = k; j.m(); for l in n { l.m() } xs.map(|p| p.m()); let q = |r: R| r.m(); let s = s.clone(); s.m(); let u = Foo(1); u.m(); g::m(); match v { Some(w) => w.m(), x => x.m() } } }\n',
      ['A.f/a: Foo::new()', 'A.f/b: Foo', 'A.f/d: make()!', 'A.f/e: self.s.make()!', 'A.f/g: B::new()', 'A.f/h: ?', 'A.f/j: &C', 'A.f/l: ?', 'A.f/p: ?', 'A.f/u: Foo()', 'A.f/w: ?', 'A.f/x: ?']],
    ['in Java', 'A.java', 'class A { void f(B b) throws E { Foo a = c(), d; a.m(); final p.Foo<T> e = g; e.m(); var h = new Foo<>(); h.m(); var i = j.make(1); i.m(); for (Foo k : l) k.m(); for (var n : l) n.m(); try (R o = r()) { o.m(); } catch (E | F x) { x.m(); } if (q instanceof S s) s.m(); b.m(); ls.map(t -> t.m()); ls.map((U u) -> u.m()); var v = (V) w; v.m(); } }',
      ['A.f/a: Foo', 'A.f/e: p.Foo<T>', 'A.f/h: Foo<>', 'A.f/i: j.make()', 'A.f/k: Foo', 'A.f/n: ?', 'A.f/o: R', 'A.f/x: E | F', 'A.f/s: S', 'A.f/t: ?', 'A.f/u: U', 'A.f/v: V']],
  ])('%s', (_, path, text, expected) => {
    expect(localLines(samples.source(path, text))).toEqual(expected);
  });

  it.each([
    ['a.ts', "import { run } from './run';\nfunction f(run) {\n  run();\n}\nfunction g() {\n  const { run } = h;\n  run();\n  const own = () => own();\n  own();\n}\nrun();\n", ['8 g.own -> own', '9 g -> own', '11 - -> run']],
    ['a.py', 'def f():\n  for run in runs:\n    run()\n  def own(): pass\n  own = wrap(own)\n  own()\n', ['5 f -> wrap', '6 f -> own']],
    ['a.rs', 'fn f() {\n  let rt = rt();\n  rt();\n}\n', ['2 f -> rt']],
    ['A.java', 'class A { void f(int size) {\n  int length = length();\n  length(); size();\n} }', ['2 A.f -> length', '3 A.f -> length', '3 A.f -> size']],
  ])('are not called by what a definition is called: %s', (path, text, expected) => {
    expect(callLines(samples.source(path, text))).toEqual(expected);
  });

  it('are so many at most, and none of them with half of its bindings', () => {
    const text = `function f() {\n${Array.from({ length: factBounds.locals + 2 }, (_, at) => `let a${at} = new A(); a${at}.m();`).join('\n').replace('let a0 =', 'let a0 = new B(); a0 =')}\n}`;
    const facts = samples.source('a.ts', text);
    expect([facts.locals.length, facts.cut]).toEqual([factBounds.locals, ['locals']]);
    expect(localLines(samples.source('a.ts', `function f() { const a = ${'b'.repeat(factBounds.made + 1)}(); a.m(); const c = ${'('.repeat(20)}d()${')'.repeat(20)}; c.m(); }`))).toEqual(['f/a: ?', 'f/c: ?']);
  });

  it.each([
    ['a.ts', 'class A { a = new X(); private b = make(); c = 1; d: D = new X(); constructor() { this.e = new X(); this.e = null; this.g = await q.make(); this.a = 1; } }', ['a -', 'b make()', 'c -', 'd D', 'e X', 'g q.make()!']],
    ['a.js', 'class A { constructor(b) { this.a = new X(); this.a = new X(); this.c = new X(); this.c = other(); this.b = b; } }', ['a X', 'c -', 'b -']],
    ['a.py', 'class A:\n  k = K()\n  def __init__(self, s: S, t):\n    self.s = s\n    self.t = t\n    self.u = U()\n    self.v: V = make()\n', ['k K()', 's S', 't -', 'u U()', 'v V']],
  ])('and what the fields of %s are set to', (path, text, expected) => {
    expect(samples.source(path, text).classes[0]?.fields.map(({ name, type, origin }) =>
      `${name} ${type || (origin?.type ?? (origin?.made === undefined ? '-' : `${origin.made}()`))}${origin?.opened === true ? '!' : ''}`)).toEqual(expected);
  });
});
