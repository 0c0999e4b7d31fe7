import { expect, it } from '@jest/globals';
import { assert, constantFrom, oneof, property, record, string, integer } from 'fast-check';
import { matterOf, memberOf, type Matter } from './matters.js';

const repository = record({ owner: string({ minLength: 1 }), name: string({ minLength: 1 }) });
const number = integer({ min: 1 });

it('are named so that the name gives them back, whatever their parts hold', () => {
  const any = oneof(
    record({ kind: constantFrom('item' as const), key: string() }),
    record({ kind: constantFrom('issue' as const), repository, number }),
    record({ kind: constantFrom('ending' as const, 'pull' as const), cascadeId: string() }),
    record({ kind: constantFrom('sweep' as const), repository }),
    record({ kind: constantFrom('question' as const), cascadeId: string(), name: string() }),
    record({ kind: constantFrom('comment' as const), repository, number, comment: number }),
    record({ kind: constantFrom('label' as const), repository, number, login: string(), delivery: string() }),
  );
  assert(property(any, (matter: Matter) => { expect(matterOf(memberOf(matter))).toEqual(matter); }));
});

it('are nothing when the name is not one of ours', () => {
  assert(property(string(), (text) => { expect(matterOf(text)).toBeUndefined(); }));
  expect(matterOf('comment o n 1 x')).toBeUndefined();
  expect(matterOf('item a b')).toBeUndefined();
});
