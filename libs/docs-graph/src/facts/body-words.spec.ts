import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import { SourceSamples } from './testing/source-of.js';

describe('words of bodies', () => {
  let samples: SourceSamples;
  beforeAll(async () => { samples = await SourceSamples.open(); });
  afterAll(() => samples.close());

  const words = (path: string, text: string): string[] => samples.source(path, text).functions.map(({ qualifiedName, words: found }) => `${qualifiedName}: ${found}`);

  it.each([
    ['a.ts', '/** Doc. */\nfunction pad(text: string) {\n  // Remark.\n  /** Of inner. */\n  const inner = (x: Size) => zeroFill(x, "full width"); // behind\n  return pad(inner) ?? inner;\n}\nconst after = elsewhere();\n',
      ['pad: function text string const return inner', 'pad.inner: Size zeroFill full width']],
    ['a.py', 'class A:\n    def run(self):\n        """Docstring."""\n        # Remark.\n        return self.größe["klein"]\n\nelsewhere()\n', ['A.run: def self return größe klein']],
    ['a.go', 'package a\n\n// Doc.\nfunc (s *Shop) Close() error { /* no */ return s.door.Lock("at night") }\n', ['Shop.Close: func Shop error return door Lock at night']],
    ['a.rs', 'impl A {\n  /// Doc.\n  fn run(&self) -> u8 { //! No.\n    self.wide(0) }\n}\n', ['A.run: fn self u8 wide']],
    ['A.java', 'class A {\n  @Override int size() { return other.count; }\n}\n', ['A.size: Override int return other count']],
  ])('are those of %s outside comments, each function having its own', (path, text, expected) => {
    expect(words(path, text)).toEqual(expected);
  });

  it('are so many, of such a length at most', () => {
    const many = Array.from({ length: factBounds.bodyWords + 1 }, (_, number) => `x${number}`);
    const { functions: [first], cut } = samples.source('a.js', `() => 0; const f = () => ["${'k'.repeat(factBounds.bodyWord + 1)}", ${many.join(', ')}];`);
    expect([first?.words.split(' '), cut]).toEqual([many.slice(0, factBounds.bodyWords), []]);
  });
});
