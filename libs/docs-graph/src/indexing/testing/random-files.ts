import fc from 'fast-check';

/** Names so few that files speak of one another all the time, some of them hostile. */
const name = fc.constantFrom('run', 'sell', 'Shop', 'Door', 'lock', 'go');
const parameters = fc.constantFrom('', 'int a', 'int a, int b', 'int... a');
const values = fc.constantFrom('', '1', '1, 2');
const folder = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('', 'src/', 'shop/') }, { weight: 1, arbitrary: fc.constantFrom('src/shop/', 'shop/src/', 'door#~2/', 'a@b:c/') });

const line = {
  ts: fc.oneof(
    fc.tuple(fc.constantFrom('./', '../', './shop/', '@w/', 'w', 'w/', '~/'), name).map(([where, one]) => `import { ${one}, lock as other } from '${where}${one.toLowerCase()}';`),
    name.map((one) => `export * from './${one.toLowerCase()}.js';`),
    fc.tuple(name, name, name).map(([one, callee, type]) => `export function ${one}(door: ${type}) { ${callee}(); door.${callee}(); other(); }`),
    fc.tuple(name, name, name).map(([one, base, callee]) => `export class ${one} extends ${base} { shop: ${base}; ${callee}() { this.run(); this.shop.${callee}(); new ${base}(); } }`),
    fc.tuple(name, name, name, name).map(([one, type, made, callee]) => `export function ${one}(): ${type} { const a = ${made}(); a.${callee}(); const b = new ${made}(); b.shop.${callee}(); const c = b.${callee}(); c.run(); ${one}(); }`),
    fc.tuple(name, name, name).map(([one, made, callee]) => `export class ${one} { shop = ${made}(); door = new ${made}(); ${callee}(): ${made} { this.shop.run(); this.door.${callee}(); } }\nconst top = new ${made}(); function lock() { top.${callee}(); }`),
    fc.tuple(name, name).map(([one, callee]) => `it('${one}~2', () => { ${callee}(); });`),
    fc.tuple(name, fc.constantFrom('', 'a: number', 'a?: number, ...b: Shop[]'), name, values).map(([one, taken, callee, given]) => `export function ${one}(${taken}) { ${callee}(${given}); }`),
  ),
  py: fc.oneof(
    fc.tuple(fc.constantFrom('.', '..', 'shop', 'src.shop', '.shop', ''), name).map(([where, one]) => (where === '' ? `import ${one.toLowerCase()}` : `from ${where} import ${one}`)),
    fc.tuple(name, name).map(([one, callee]) => `def ${one}(a):\n    ${callee}()\n    shop.${callee}()\n`),
    fc.tuple(name, name, name, name).map(([one, type, made, callee]) => `def ${one}() -> ${type}:\n    a = ${made}()\n    a.${callee}()\n    b: ${type} = shop.${made}()\n    b.${callee}()\n`),
    fc.tuple(name, name, name).map(([one, base, callee]) => `class ${one}(${base}):\n    def ${callee}(self):\n        self.run()\n        ${base}()\n`),
  ),
  go: fc.oneof(
    fc.constantFrom('import "w/shop"', 'import "example.com/shop"'),
    fc.tuple(name, name).map(([one, callee]) => `func ${one}(d Door) { ${callee}(); shop.${callee}(); d.${callee}() }`),
    fc.tuple(name, name, name, name).map(([one, type, made, callee]) => `func ${one}() (*${type}, error) { a, err := ${made}(); a.${callee}(); b := shop.${made}{}; b.${callee}(); }`),
    fc.tuple(name, name).map(([one, callee]) => `func (s *${one}) ${callee}() { s.run(); ${callee}() }`),
    fc.tuple(name, name).map(([one, base]) => `type ${one} struct { ${base}; door ${base} }`),
  ),
  rs: fc.oneof(
    fc.tuple(fc.constantFrom('crate::', 'super::', 'w::', 'self::', 'crate::shop::'), name).map(([where, one]) => `use ${where}${one};`),
    fc.tuple(name, name).map(([one, callee]) => `fn ${one}(d: &Door) { ${callee}(); shop::${callee}(); d.${callee}(); crate::${callee}(); }`),
    fc.tuple(name, name, name, name).map(([one, type, made, callee]) => `fn ${one}() -> Option<${type}> { let a = ${made}()?; a.${callee}(); let b = ${made}::${callee}(); b.run(); }`),
    fc.tuple(name, name, name).map(([one, base, callee]) => `struct ${one} { d: ${base} }\nimpl ${base} for ${one} { fn ${callee}(&self) { self.run(); Self::${callee}(); ${base}::${callee}(); } }`),
  ),
  java: fc.oneof(
    fc.tuple(fc.constantFrom('shop', 'src.shop'), fc.oneof(name, fc.constant('*'))).map(([where, one]) => `import ${where}.${one};`),
    fc.tuple(name, name, parameters, parameters, values).map(([one, base, first, second, given]) => `class ${one} extends ${base} { void run(${first}) { run(${given}); sell(${given}); } void run(${second}) { Shop.run(${given}); } void sell(${second}) {} }`),
    fc.tuple(name, name, name).map(([one, made, callee]) => `class ${one} { ${made} door; ${made} ${callee}() { ${made} a = b(); a.${callee}(); var c = ${callee}(); c.run(); door.run(); return a; } }`),
    fc.tuple(name, name, name).map(([one, base, callee]) => `class ${one} extends ${base} { ${base} door; void ${callee}() { run(); door.${callee}(); ${base}.${callee}(); new ${base}(); } @Test void t() { ${callee}(); } }`),
  ),
  md: fc.oneof(fc.constantFrom('# run', '# run~2', '# run#~2', '# Shop > run', '# Shop\n## run'), name.map((one) => `Uses \`${one}()\` and \`Shop.${one}\`, and \`src/shop.ts\`.`)),
};
const head = { go: 'package shop\n', java: 'package shop;\n' } as const;

type Extension = keyof typeof line;
const extensions = ['ts', 'py', 'go', 'rs', 'java', 'md'] as const;
const textOf = (extension: Extension): fc.Arbitrary<string> =>
  fc.array(line[extension], { minLength: 1, maxLength: 5 }).map((lines) => `${extension in head ? head[extension as keyof typeof head] : ''}${lines.join('\n')}\n`);

const source = (of: readonly Extension[]): fc.Arbitrary<RandomFile> => fc.constantFrom(...of).chain((extension) => fc.record({
  path: fc.tuple(folder, fc.constantFrom('run', 'sell', 'shop', 'door', 'Door', 'lib', 'index', '__init__', 'mod', 'shop.test')).map(([at, file]) => `${at}${file}.${extension}`),
  text: textOf(extension),
}));

const manifest = fc.record({
  path: fc.tuple(folder, fc.constantFrom('package.json', 'tsconfig.json', 'go.mod', 'Cargo.toml')).map(([at, file]) => at + file),
  what: fc.constantFrom('w', 'example.com'),
}).map(({ path, what }) => ({
  path,
  text: path.endsWith('mod') ? `module ${what}\n` : path.endsWith('toml') ? `[package]\nname = "${what}"\n`
    : path.endsWith('package.json') ? `{"name":"${what}","exports":{".":"./shop.js","./*":"./src/*.ts"}}` : `{"compilerOptions":{"baseUrl":"${what === 'w' ? '.' : 'src'}","paths":{"~/*":["./*","src/*"],"@w/*":["shop/*"]}}}`,
}));

export interface RandomFile {
  readonly path: string;
  readonly text: string;
}

const anyFile = (of: readonly Extension[]): fc.Arbitrary<RandomFile> => fc.oneof({ weight: 9, arbitrary: source(of) }, { weight: 1, arbitrary: manifest });

/** What a file becomes that is there: a text for every language, of which it takes its own. */
const edit = fc.record({ at: fc.nat(), texts: fc.record({ ts: textOf('ts'), py: textOf('py'), go: textOf('go'), rs: textOf('rs'), java: textOf('java'), md: textOf('md') }) });

/** One commit: files that are written, and a few picked from those that are there to be edited, removed or renamed. */
const commit = (of: readonly Extension[]) => fc.record({
  write: fc.array(anyFile(of), { maxLength: 3 }),
  edit: fc.array(edit, { maxLength: 3 }),
  remove: fc.array(fc.nat(), { maxLength: 2 }),
  rename: fc.array(fc.record({ from: fc.nat(), to: folder }), { maxLength: 2 }),
});

/** The files at the beginning and what becomes of them; in few languages at a time, so that they meet. */
export const randomHistory = fc.subarray([...extensions], { minLength: 1, maxLength: 2 }).chain((of) => fc.record({
  first: fc.array(anyFile(of), { maxLength: 25 }),
  commits: fc.array(commit(of), { maxLength: 6 }),
}));
