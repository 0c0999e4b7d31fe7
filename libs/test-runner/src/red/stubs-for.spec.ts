import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProgramInterface, TestPlan } from '@cascade/contracts';
import { itWith } from '@cascade/testing';
import { stubsFor } from './stubs-for.js';

const itPython = itWith(['python3', '--version'], 'stubs of Python modules');
const plan = (moduleSystem: TestPlan['moduleSystem']): TestPlan => ({ ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem, typescript: false, dependencies: 'none', testDirectory: 'test/' });
const item = (path: string, name: string, kind: ProgramInterface['kind'] = 'function', methods: string[] = [], signature = name): ProgramInterface => ({ path, name, kind, signature, behaviour: ['does something'], methods });

describe('stubsFor', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cascade-stubs-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function loads(path: string, text: string, script: (file: string) => string): string {
    const file = join(folder, path);
    writeFileSync(file, text);
    if (path.endsWith('.py')) return execFileSync('python3', ['-c', script('')], { cwd: folder, encoding: 'utf8' }).trim();
    return execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script(pathToFileURL(file).href)], { encoding: 'utf8' }).trim();
  }
  const use = (file: string): string => `const m = await import(${JSON.stringify(file)}); const x = m.default?.add ? m.default : m;
    const attempt = (f) => { try { return String(f()); } catch (e) { return e.message; } };
    console.log([attempt(() => x.add(7, 1)), attempt(() => new x.Cart(1).total('t')), attempt(() => new x.CartError('m') instanceof Error), attempt(() => JSON.stringify(x.RATES))].join('|'));`;
  const interfaces = (path: string): ProgramInterface[] => [item(path, 'add'), item(path, 'Cart', 'class', ['constructor', 'total']), item(path, 'CartError', 'class'), item(path, 'RATES', 'constant')];
  const answers = ['not implemented|not implemented|true|[]', 'undefined|undefined|true|undefined', '7|t|true|""'];

  it.each([['cart.js', 'commonjs'], ['cart.mjs', 'commonjs'], ['cart.cjs', 'esm'], ['cart.mts', 'esm'], ['cart.cts', 'esm']] as const)('makes modules that load and are wrong in three ways: %s', (path, system) => {
    const stubs = stubsFor(plan(system), interfaces(path), () => undefined);
    expect(stubs.map(({ label }) => label)).toEqual(['throws', 'returns nothing', 'returns its first argument']);
    expect(stubs.map(({ files }) => loads(path, files[path]!, use))).toEqual(answers);
  });

  itPython('makes Python modules that load and are wrong in three ways', () => {
    const script = `
import cart
def attempt(f):
    try: return str(f())
    except Exception as e: return str(e)
print('|'.join([attempt(lambda: cart.add(7, 1)), attempt(lambda: cart.Cart(1).total('t')), str(issubclass(cart.CartError, Exception)), repr(cart.RATES)]))`;
    const stubs = stubsFor(plan('python'), interfaces('cart.py'), () => undefined);
    expect(stubs.map(({ files }) => loads('cart.py', files['cart.py']!, () => script))).toEqual(['not implemented|not implemented|True|[]', 'None|None|True|None', "7|t|True|''"]);
  });

  it.each([
    ['a function', 'export function add(a, b) { return a + b; }\n'],
    ['a constant', 'export const add = (a, b) => a + b;\n'],
    ['a list', 'const plus = (a, b) => a + b;\nexport { plus as add };\n'],
    ['a declaration without export', 'function add(a, b) { return a + b; }\n'],
  ])('keeps what a file has as %s, and adds what is missing', (_what, text) => {
    const [stub] = stubsFor(plan('esm'), interfaces('cart.mjs'), () => text);
    expect(stub!.files['cart.mjs']!.startsWith(text.trimEnd())).toBe(true);
    expect(loads('cart.mjs', stub!.files['cart.mjs']!, use)).toBe('8|not implemented|true|[]');
  });

  it.each([
    ['module.exports = { add };', 'function add(a, b) { return a + b; }\nmodule.exports = { add };\n'],
    ['exports.add', 'exports.add = (a, b) => a + b;\n'],
  ])('keeps what a CommonJS file has by %s', (_what, text) => {
    const [stub] = stubsFor(plan('commonjs'), interfaces('cart.cjs'), () => text);
    expect(loads('cart.cjs', stub!.files['cart.cjs']!, use)).toBe('8|not implemented|true|[]');
  });

  itPython('keeps what a Python module has', () => {
    const [stub] = stubsFor(plan('python'), [item('cart.py', 'add'), item('cart.py', 'RATES', 'constant'), item('cart.py', 'total')], () => 'from operator import add\nRATES: list = [1]\n');
    expect(loads('cart.py', stub!.files['cart.py']!, () => 'import cart; print(cart.add(7, 1), cart.RATES, callable(cart.total))')).toBe('8 [1] True');
  });

  it('is one stub, the code as it is, when nothing is missing', () => {
    expect(stubsFor(plan('esm'), [item('a.mjs', 'add')], () => 'export const add = 1;\n')).toEqual([{ label: 'the code as it is', files: {} }]);
    expect(stubsFor(plan('esm'), [item('styles.css', 'add')], () => undefined)).toEqual([{ label: 'the code as it is', files: {} }]);
  });
});
