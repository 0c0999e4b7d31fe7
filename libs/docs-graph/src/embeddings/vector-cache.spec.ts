import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quantised } from './quantised.js';
import { VectorCache } from './vector-cache.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'cascade-vectors-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('VectorCache', () => {
  it('has after a start what it had before, and of a log that was cut anywhere the records before the cut', () => {
    const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(fc.array(vector, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (vectors, share) => {
      const place = path.join(folder, `${hashOf(JSON.stringify(vectors)).replaceAll('/', '_')}${share}`);
      const ends: number[] = [];
      const first = VectorCache.open(place);
      vectors.forEach((one, index) => {
        first.put(hashOf(String(index)), quantised(one));
        ends.push(statSync(place).size);
      });
      first.close();
      const cut = Math.floor(ends.at(-1)! * share);
      truncateSync(place, cut);
      const second = VectorCache.open(place);
      vectors.forEach((one, index) => expect(second.get(hashOf(String(index)))).toEqual(ends[index]! <= cut ? quantised(one) : undefined));
      second.put(hashOf('more'), quantised([1]));
      second.close();
      const third = VectorCache.open(place);
      expect(third.get(hashOf('more'))).toEqual(quantised([1]));
      third.close();
    }), { seed: 47, numRuns: 60 });
  });

  it('begins anew where the file is no log of vectors', () => {
    const place = path.join(folder, 'log');
    appendFileSync(place, Buffer.alloc(500));
    const cache = VectorCache.open(place);
    cache.put(hashOf('a'), quantised([1, 2]));
    cache.close();
    expect(readFileSync(place)).toHaveLength(36);
  });
});
