import { describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import { manifestFacts } from './file-facts.js';
import { readManifest } from './manifest.js';

const said = (path: string, text: string): string => {
  const facts = manifestFacts.parse(readManifest(path, text));
  return [facts.kind, facts.name, facts.description, facts.base, facts.extends.join(' '), ...facts.targets.map(({ pattern, target }) => `${pattern}=${target}`)].join('|');
};

describe('readManifest', () => {
  it.each([
    ['package.json', '{"name":"@a/b","description":"Does\\n it.","exports":{".":{"x":{"source":"./src/i.ts"},"default":"./dist/i.js"},"./sub/*":"./src/*.ts","./no":null},"main":"m.js"}', 'npm|@a/b|Does it.|||.=./src/i.ts|.=./dist/i.js|./sub/*=./src/*.ts|.=m.js'],
    ['a/package.json', '{"exports":"./x.js","name":7,"description":{}}', 'npm|||||.=./x.js'],
    ['package.json', '{"exports":{"import":"./x.mjs","require":"./x.cjs"}}', 'npm|||||.=./x.mjs|.=./x.cjs'],
    ['tsconfig.base.json', '// a\n{ "extends": "./b.json", /* "x" */ "compilerOptions": { "baseUrl": "./src", "paths": { "@x/*": ["a/*", "b/*",], "//no": ["c"], }, }, }', 'tsconfig|||./src|./b.json|@x/*=a/*|@x/*=b/*|//no=c'],
    ['go.mod', '// x\nmodule example.com/shop // y\n\ngo 1.22\n', 'go|example.com/shop|||'],
    ['Cargo.toml', '[package]\nname = "my-shop"\ndescription = "Sells."\nversion.workspace = true\n[lib]\npath = "lib.rs"\n', 'cargo|my-shop|Sells.|||.=lib.rs'],
    ['pyproject.toml', '[project]\nname = "shop"\ndescription = """Sells\n."""\n', 'python|shop|Sells .||'],
    ['pyproject.toml', '[tool.poetry]\nname = "shop"\n', 'python|shop|||'],
  ])('reads %s: %s', (path, text, expected) => {
    expect(said(path, text)).toBe(expected);
  });

  it.each([
    ['package.json', '{', 'damaged'], ['Cargo.toml', '[', 'damaged'], ['package.json', `{"a":"${'x'.repeat(factBounds.manifest)}"}`, 'too-large'],
    ['pyproject.toml', `x = ${'['.repeat(50_000)}`, 'damaged'], ['tsconfig.json', '{"a": }', 'damaged'], ['setup.cfg', '', 'unsupported'],
  ])('skips %s with %s', (path, text, reason) => {
    expect(readManifest(path, text)).toEqual({ reason });
  });

  it('holds what others wrote within its bounds', () => {
    const many = JSON.stringify({ name: 'n'.repeat(factBounds.name + 1), description: 'd'.repeat(factBounds.module), exports: Object.fromEntries(Array.from({ length: factBounds.targets + 1 }, (_, number) => [`./${number}`, './x.js'])) });
    const facts = manifestFacts.parse(readManifest('package.json', many));
    expect([facts.name.length, facts.description.length, facts.targets.length]).toEqual([factBounds.name, factBounds.module, factBounds.targets]);
    const deep = `{"exports":${'{"a":'.repeat(5_000)}"x"${'}'.repeat(5_000)}}`;
    expect(manifestFacts.parse(readManifest('package.json', deep)).targets).toEqual([]);
  });
});
