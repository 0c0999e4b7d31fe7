import { expect, it } from '@jest/globals';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { names } from './names.js';

it('are those of the conventions, but for our own', () => {
  const known = new Set(Object.values<unknown>(conventions as Readonly<Record<string, unknown>>));
  const strange = Object.values<string>(names).filter((name) => !known.has(name) && !name.startsWith('cascade.'));
  expect(strange).toEqual([]);
});
