import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchBounds } from './search-bounds.js';
import type { SearchDocument } from './search-document.js';
import { SearchIndex } from './search-index.js';
import type { TermPostings } from './term-postings.js';
import type { Vocabulary } from './vocabulary.js';
import { slowSearch } from './testing/slow-search.js';

const of = (fields: Partial<SearchDocument>): SearchDocument => ({ name: '', parent: '', docs: '', path: '', body: '', ...fields });
const invalid = expect.objectContaining({ code: 'CASC_SEARCH_QUERY_INVALID', kind: 'terminal' });

describe('SearchIndex', () => {
  it('ranks a name above a mention, and a rare word above a common one', () => {
    const index = new SearchIndex();
    index.upsert('mention', of({ name: 'other', docs: 'Uses the lock file.' }));
    index.upsert('name', of({ name: 'readLockFile' }), 1);
    index.upsert('file', of({ name: 'readFile', docs: 'Reads any file.' }));
    expect(index.search('lock file', 10).map(({ id }) => id)).toEqual(['name', 'mention', 'file']);
    expect(index.search('readlockfile', 10).map(({ id }) => id)).toEqual(['name']);
    expect(index.search('lock', 10, (group) => group !== 1).map(({ id }) => id)).toEqual(['mention']);
  });

  it('puts what has more of the question first, and another form of a word behind the word', () => {
    const index = new SearchIndex();
    index.upsert('often', of({ name: 'timeout', docs: 'The timeout of a timeout.' }));
    index.upsert('both', of({ name: 'close', docs: 'Cancels after the timeout.' }));
    index.upsert('form', of({ name: 'cancellation' }));
    index.upsert('other', of({ name: 'open' }));
    expect(index.search('cancel timeout', 10).map(({ id }) => id)).toEqual(['both', 'often', 'form']);
    expect(index.search('cancel', 10).map(({ id }) => id)).toEqual(['both', 'form']);
    index.remove('both');
    expect(index.search('canceling', 10).map(({ id }) => id)).toEqual(['form']);
  });

  it('finds nothing for nothing', () => {
    const index = new SearchIndex();
    expect(index.search('', 5)).toEqual([]);
    index.upsert('a', of({ name: 'a_b' }));
    expect(index.search(' the of \n\t', 5)).toEqual([]);
    expect(index.search('\ud800', 5)).toEqual([]);
  });

  it('refuses a question without measure', () => {
    const index = new SearchIndex();
    const words = (count: number): string => Array.from({ length: count }, (_, number) => `w${String.fromCharCode(97 + number % 26, 97 + Math.floor(number / 26))}`).join(' ');
    expect(() => index.search('x'.repeat(searchBounds.queryCharacters + 1), 5)).toThrow(invalid);
    expect(() => index.search(words(searchBounds.queryTokens + 1), 5)).toThrow(invalid);
    expect(index.search(words(searchBounds.queryTokens), 5)).toEqual([]);
    expect(() => index.search('a\0b', 5)).toThrow(invalid);
    for (const limit of [0, -1, 1.5, NaN, searchBounds.answers + 1]) expect(() => index.search('a', limit)).toThrow(invalid);
  });

  it('puts equals in the order of their ids, whatever came first', () => {
    const ids = ['b', 'a', 'd', 'c'];
    const index = new SearchIndex();
    for (const id of ids) index.upsert(id, of({ name: 'same' }));
    expect(index.search('same', 3).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('answers as if every document were read again, after any additions, changes and removals', () => {
    const word = fc.constantFrom('parse', 'parsed', 'parser', 'parserless', 'lock', 'locker', 'file', 'readFile', 'read_lock', 'HTTPServer', 'size', 'the', 'größe', '256', 'x');
    const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
    const document = fc.record({ name: text, parent: text, docs: text, path: text, body: text });
    const id = fc.integer({ min: 0, max: 12 }).map((number) => `id${number}`);
    const change = fc.oneof({ weight: 3, arbitrary: fc.tuple(id, document) }, { weight: 2, arbitrary: fc.tuple(id, fc.constant(undefined)) });
    fc.assert(fc.property(fc.array(change, { maxLength: 40 }), fc.array(text, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 6 }), (changes, queries, limit) => {
      const index = new SearchIndex();
      const documents = new Map<string, SearchDocument>();
      for (const [key, value] of changes) {
        if (value === undefined) expect(index.remove(key)).toBe(documents.delete(key));
        else {
          index.upsert(key, value);
          documents.set(key, value);
        }
        expect(index.size).toBe(documents.size);
      }
      for (const query of queries) expect(index.search(query, limit)).toEqual(slowSearch(documents, query, limit));
    }), { seed: 22, numRuns: 150 });
  });

  it('does not grow by what was removed', () => {
    const index = new SearchIndex();
    for (let round = 0; round < 50; round += 1) {
      for (let number = 0; number < 20; number += 1) index.upsert(`id${number}`, of({ name: `word${round} common` }));
    }
    const inside = index as unknown as { entries: unknown[]; postings: TermPostings; vocabulary: Vocabulary };
    expect(inside.entries.length).toBeLessThanOrEqual(Math.ceil(20 / (1 - searchBounds.deadShare)) + 1);
    expect(inside.postings.of(inside.vocabulary.find('common', () => true)[0]!.term).size).toBeLessThanOrEqual(inside.entries.length);
    expect(inside.vocabulary.size).toBeLessThanOrEqual(8);
  });
});
