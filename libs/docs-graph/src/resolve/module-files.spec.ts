import { describe, expect, it } from '@jest/globals';
import type { LanguageName, SourceFacts } from '../facts/file-facts.js';
import { ModuleFiles } from './module-files.js';
import { Reads } from './reads.js';

const file = (path: string, language: LanguageName): SourceFacts => ({ status: 'source', path, language, lines: 1, doc: '', module: '', damage: [], cut: [], functions: [], classes: [], imports: [], calls: [], locals: [] });

describe('ModuleFiles', () => {
  const modules = new ModuleFiles(new Reads());
  for (const path of [
    'src/a.ts', 'src/b.tsx', 'src/c/index.js', 'src/data.json.ts', 'py/src/shop/__init__.py', 'py/src/shop/door.py', 'go/shop/a.go', 'go/shop/b.go', 'go/shop/a_test.go', 'rs/src/lib.rs', 'rs/src/shop/mod.rs', 'rs/src/shop/door.rs',
  ]) modules.add(path);

  it.each<[string, LanguageName, string, string, string[]]>([
    ['src/x.ts', 'typescript', './a.js', 'f', ['src/a.ts']],
    ['src/x.ts', 'typescript', './a', 'f', ['src/a.ts']],
    ['src/x.ts', 'typescript', './b.jsx', 'f', ['src/b.tsx']],
    ['src/x/y.ts', 'tsx', '../c', 'f', ['src/c/index.js']],
    ['src/x.ts', 'javascript', './data.json', 'f', ['src/data.json.ts']],
    ['src/x.ts', 'typescript', 'a', 'f', []],
    ['src/x.ts', 'typescript', '../../../etc/a', 'f', []],
    ['py/src/main.py', 'python', 'shop', 'lock', ['py/src/shop/__init__.py']],
    ['py/src/main.py', 'python', 'shop', 'door', ['py/src/shop/door.py']],
    ['py/tests/test_a.py', 'python', 'shop.door', '*', ['py/src/shop/door.py']],
    ['py/src/shop/door.py', 'python', '.', 'lock', ['py/src/shop/__init__.py']],
    ['py/src/shop/x/y.py', 'python', '..door', 'lock', ['py/src/shop/door.py']],
    ['rs/src/lib.rs', 'rust', 'shop', 'sell', ['rs/src/shop/mod.rs']],
    ['rs/src/lib.rs', 'rust', 'crate::shop::door', 'Lock', ['rs/src/shop/door.rs']],
    ['rs/src/shop/door.rs', 'rust', 'super', 'sell', ['rs/src/shop/mod.rs']],
    ['rs/src/shop/mod.rs', 'rust', 'self::door', 'Lock', ['rs/src/shop/door.rs']],
    ['rs/src/lib.rs', 'rust', 'std::io', 'Read', []],
  ])('%s (%s) imports %s %s from %j', (path, language, module, name, found) => {
    expect(modules.of(file(path, language), { module, name })).toEqual(found);
  });

  it('finds the folder of a Go import, without a go.mod by the end of its path', () => {
    expect([modules.goFolder('example.com/go/shop'), modules.goFolder('go/shop'), modules.goFiles('go/shop')]).toEqual(['go/shop', undefined, ['go/shop/a.go', 'go/shop/b.go']]);
  });
});
