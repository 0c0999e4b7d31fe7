import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hrefOf, parseRoute, tabs } from './routes.js';

const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => text.isWellFormed());

it('reads every address that it writes', () => {
  fc.assert(fc.property(name, fc.constantFrom(...tabs), (id, tab) => expect(parseRoute(hrefOf({ page: 'cascade', id, tab }))).toEqual({ page: 'cascade', id, tab })));
  fc.assert(fc.property(name, name, (id, task) => expect(parseRoute(hrefOf({ page: 'cascade', id, tab: 'overview', task }))).toEqual({ page: 'cascade', id, tab: 'overview', task })));
  fc.assert(fc.property(name, fc.array(name, { minLength: 1 }), (id, path) => {
    const file = path.join('/');
    expect(parseRoute(hrefOf({ page: 'cascade', id, tab: 'files', file }))).toEqual({ page: 'cascade', id, tab: 'files', file });
  }));
});

it('knows what it does not know', () => {
  expect(['', '#/', '#/cascades', '#/streams'].map((hash) => parseRoute(hash).page)).toEqual(['cascades', 'cascades', 'cascades', 'streams']);
  expect(['#/x', '#/cascades/', '#/cascades/a/b', '#/cascades/%zz', '#/streams/x'].map((hash) => parseRoute(hash).page)).toEqual(Array.from({ length: 5 }, () => 'unknown'));
});
