import { describe, expect, it } from '@jest/globals';
import { importEnding } from './import-ending.js';

describe('importEnding', () => {
  it.each([
    ["import { a } from './a.js';\nimport b from '../src/b.js';\nimport { c } from './c';", '.js'],
    ["import { a } from './a';\nexport * from '../b.test';", ''],
    ['import { a } from "../src/a.ts";', '.ts'],
    ["import { test } from 'vitest';\nimport fs from 'node:fs.js';", undefined],
    ["import x from './x.mjs';", undefined],
    ["import { a } from '..';", undefined],
  ])('of %j is %j', (text, ending) => {
    expect(importEnding([text])).toBe(ending);
  });

  it('is what most imports of all texts have', () => {
    expect(importEnding(["import a from './a.js';", "import b from './b.js';", "import c from './c';"])).toBe('.js');
  });
});
