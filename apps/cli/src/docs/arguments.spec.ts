import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocsCall, usage, verbs } from './arguments.js';

describe('parseDocsCall', () => {
  it('takes a question with the options of its command', () => {
    expect(parseDocsCall(['search', 'tax', 'of', '--limit', '3', '--kind', 'class', '--kind', 'function', '--repo', '.', '--json'], {})).toEqual({
      verb: 'search', repository: process.cwd(), fields: { query: 'tax of', limit: 3, kinds: ['class', 'function'] }, json: true, remote: false,
    });
    expect(parseDocsCall(['impact', 'Cart.total', '--branch', 'side', '--repo', 'git@github.com:me/shop.git'], { CASCADE_DEPLOYMENT: 'remote' })).toEqual({
      verb: 'impact', repository: 'git@github.com:me/shop.git', branch: 'side', fields: { symbol: 'Cart.total' }, json: false, remote: true,
    });
    expect(parseDocsCall(['map', '--repo', '../x'], {})?.repository).toBe(path.resolve('../x'));
  });

  it.each([
    [['walk'], /no command docs walk/], [['search'], /needs a query/], [['describe', ' '], /needs a symbol/], [['stats', 'x'], /no argument/],
    [['map', '--tokens', '1.5'], /whole number/], [['map', '--depth', '2'], /depth/], [['search', 'x', '--repo'], /repo/],
  ])('refuses %j', (args, message) => {
    expect(() => parseDocsCall(args, {})).toThrow(message);
  });

  it('explains every command', () => {
    expect(parseDocsCall([], {})).toBeUndefined();
    expect(parseDocsCall(['search', '--help'], {})).toBeUndefined();
    for (const verb of Object.keys(verbs)) expect(usage).toContain(`\n  ${verb}`);
  });
});
