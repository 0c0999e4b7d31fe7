import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { definitionId, fileId, packageId, scopeId } from './graph-ids.js';

const hostile = fc.array(fc.constantFrom('#', '~', ':', '@', '%', '%23', '/', 'a', '2', '.', ' '), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
/** As git gives them: never with a slash at either end. */
const path = hostile.filter((text) => !/^\/|\/$|^\.$/.test(text));

describe('ids', () => {
  it('read as people write them', () => {
    const scope = scopeId({ repository: 'shop', branch: 'feature/x' });
    expect([scope, packageId(scope, 'src/a'), packageId(scope, '.'), fileId(scope, 'src/a/b.ts'), definitionId(scope, 'src/a/b.ts', 'Door.lock~2')])
      .toEqual(['shop@feature/x', 'shop@feature/x:src/a/', 'shop@feature/x:/', 'shop@feature/x:src/a/b.ts', 'shop@feature/x:src/a/b.ts#Door.lock~2']);
  });

  it('are different for different things, whatever their names are', () => {
    const thing = fc.record({ repository: hostile, branch: hostile, kind: fc.constantFrom('scope', 'package', 'file', 'definition'), path, key: hostile });
    const idOf = ({ repository, branch, kind, path: at, key }: typeof thing extends fc.Arbitrary<infer Thing> ? Thing : never): string => {
      const scope = scopeId({ repository, branch });
      if (kind === 'scope') return scope;
      if (kind === 'package') return packageId(scope, at);
      return kind === 'file' ? fileId(scope, at) : definitionId(scope, at, key);
    };
    fc.assert(fc.property(fc.array(thing, { minLength: 20, maxLength: 60 }), (things) => {
      const whole = things.map(({ repository, branch, kind, path: at, key }) => JSON.stringify([repository, branch, kind, kind === 'scope' ? '' : at, kind === 'definition' ? key : '']));
      expect(new Set(things.map(idOf)).size).toBe(new Set(whole).size);
    }), { seed: 21, numRuns: 300 });
  });
});
