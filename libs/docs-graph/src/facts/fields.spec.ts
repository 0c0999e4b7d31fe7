import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import { fieldLines, SourceSamples } from './testing/source-of.js';

describe('fields and files', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open(); });
  afterAll(() => samples.close());

  it.each([
    ['a.ts', 'class A {\n  static size: Map<string, { deep: number }> = new Map();\n  #own = 1;\n  run = () => {};\n  constructor(private readonly shop: Shop, plain: string, public door = 1) { this.size = 2; }\n}\ninterface B { readonly c?: string; d(): void }\n',
      ['A.size: Map<string, { deep: number }>', 'A.#own', 'A.shop: Shop', 'A.door', 'B.c: string']],
    ['a.tsx', 'class A { x: B }', ['A.x: B']],
    ['a.js', 'class A { x = 1; #y; z() { this.w = 2; this.w = 3; function f() {} } }\nfunction G() { this.no = 1; }\n', ['A.x', 'A.#y', 'A.w']],
    ['a.py', 'class A:\n    x: int = 1\n    y = 2\n    f = lambda: 1\n    def __init__(self):\n        self.z: B = B()\n        other.no = 1\n        self.y = 3\n', ['A.x: int', 'A.y', 'A.z: B']],
    ['a.go', 'package a\ntype A struct {\n  B\n  x, y int\n  z struct { no int }\n}\n', ['A.x: int', 'A.y: int', 'A.z: struct { no int }']],
    ['a.rs', 'struct A { x: Vec<B>, pub y: u8 }\nimpl A { fn f() {} }\n', ['A.x: Vec<B>', 'A.y: u8']],
    ['A.java', 'class A { final int x = 1, y; }\nrecord R(String z) {}\ninterface I { int W = 1; }\n', ['A.x: int', 'A.y: int', 'R.z: String', 'I.W: int']],
  ])('has the fields of classes in %s', (path, text, fields) => {
    expect(fieldLines(samples.source(path, text))).toEqual(fields);
  });

  it('has so many of one class at most', () => {
    const facts = samples.source('A.java', `class A { int ${Array.from({ length: factBounds.fields + 1 }, (_, number) => `x${number}`).join(',\n')}; }`);
    expect([facts.classes[0]?.fields.length, facts.cut]).toEqual([factBounds.fields, ['fields']]);
  });

  it.each([
    ['a.go', '// Copyright X.\n\n// Package a does it.\npackage a_test\n', ['a_test', 'Package a does it.']],
    ['a.go', '// Copyright X.\npackage a\n', ['a', '']],
    ['package-info.java', '/** All of it. */\npackage a.b;\n', ['a.b', 'All of it.']],
    ['a.py', '#!/usr/bin/python\n# Licence\n"""The module."""\nclass A:\n    """No."""\n', ['', 'The module.']],
    ['a.rs', '//! The crate.\n//! Really.\nmod a { //! No.\n}\n', ['', 'The crate.\nReally.']],
    ['a.ts', '/** Of a. */\nfunction a() {}\n', ['', '']],
  ])('has what %s says about itself and its package', (path, text, [module, doc]) => {
    expect(samples.source(path, text)).toMatchObject({ module, doc });
  });
});
