import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** Settings of `.editorconfig` for the sources. */
function settings() {
  const section = read('.editorconfig').split('[src/*.js]')[1];
  return Object.fromEntries(section.trim().split('\n').map((line) => line.split(' = ')));
}

for (const name of readdirSync(new URL('../src', import.meta.url)).sort()) {
  test(`src/${name} keeps to .editorconfig`, () => {
    const width = Number(settings().max_line_length);
    const tooLong = read(`src/${name}`).split('\n')
      .map((line, index) => ({ line: index + 1, length: line.length }))
      .filter(({ length }) => length > width)
      .map(({ line, length }) => `line ${line} has ${length} of ${width} characters`);
    assert.deepEqual(tooLong, []);
  });
}
