import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

// What the checks around an answer rely on, in every .baml file (ARCHITECTURE: prompts).
const folder = path.resolve('../../baml_src');
const sources = readdirSync(folder).filter((name) => name.endsWith('.baml')).toSorted()
  .map((name): [string, string] => [name, readFileSync(path.join(folder, name), 'utf8').replace(/^\s*\/\/.*$/gm, '')]);
const functions = sources.flatMap(([file, text]) =>
  [...text.matchAll(/^function (\w+)\([^]*?->\s*([^{]+)\{([^]*?)^\}/gm)].map(([, name, result, body]) => ({ file, name, result: result!.trim(), body: body! })));

describe('baml_src', () => {
  it('has functions', () => {
    expect(functions.map((one) => one.name)).toEqual(expect.arrayContaining(['RunProgram', 'TestMakePlan', 'TestWriteText']));
    expect(functions).toHaveLength(sources.reduce((sum, [, text]) => sum + [...text.matchAll(/^function /gm)].length, 0));
  });

  it.each(functions)('$name is only rendered, never sent, by BAML', ({ body }) => {
    expect(body).toMatch(/^\s*client Wire$/m);
  });

  it.each(functions)('$name gives a class or text: a bare list would swallow prose as an empty list', ({ result }) => {
    expect(result).toMatch(/^\w+$/);
  });

  it.each(functions)('$name says which of its messages are whose', ({ body }) => {
    expect(body).toMatch(/\{\{\s*_\.role\("(system|user)"\)\s*\}\}/);
  });

  it.each(sources)('%s has no field aliases and no checks', (_file, text) => {
    expect(text).not.toMatch(/@alias|@check/);
  });
});
