import { describe, expect, it } from '@jest/globals';
import type { Definition } from './file-names.js';
import { overloadOf } from './overloads.js';

/** Overloads by their keys: `0`, `1-2`, `1+`. */
const overloads = (...arities: string[]): Definition[] => arities.map((key) => {
  const [, least, most = least, open] = /^(\d+)(?:-(\d+))?(\+)?$/.exec(key) ?? [];
  return { path: 'A.java', key, table: 'Function', qualifiedName: 'A.f', name: 'f', kind: 'method', isTest: false, arity: { least: Number(least), most: open === undefined ? Number(most) : Infinity } };
});

describe('overloadOf', () => {
  const chosen = (all: Definition[], count: number | undefined, caller = ''): string | undefined => {
    const found = overloadOf(all, count, ({ key }) => key === caller);
    return found === undefined ? undefined : `${found.confidence} ${found.to.key}`;
  };

  it('is the one that takes as many arguments', () => {
    expect([0, 1, 2].map((count) => chosen(overloads('0', '2'), count))).toEqual(['call 0', undefined, 'call 2']);
  });

  it('takes any number only where no fixed number fits', () => {
    expect([1, 2, 3].map((count) => chosen(overloads('1+', '2'), count))).toEqual(['call 1+', 'call 2', 'call 1+']);
  });

  it('is the caller itself only when nothing else fits', () => {
    expect([chosen(overloads('1', '2'), 1, '1'), chosen(overloads('1', '0-1'), 1, '1')]).toEqual(['call 1', 'call 0-1']);
  });

  it('is not sure where types would decide, or where the number is not said', () => {
    expect([chosen(overloads('1', '0-1', '3'), 1), chosen(overloads('1', '2'), undefined), chosen(overloads('1'), undefined)]).toEqual(['maybe 1', 'maybe 1', 'call 1']);
  });
});
