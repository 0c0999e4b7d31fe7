import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isClusterUrl, MAX_PARTITIONS, partitionOf, partitionPrefixes, redisNodes } from './partitions.js';

const count = fc.integer({ min: 1, max: MAX_PARTITIONS });

describe('partitionOf', () => {
  it('gives every repository one partition of those that there are', () => {
    fc.assert(fc.property(fc.string(), count, (repository, partitions) => {
      const partition = partitionOf(repository, partitions);
      expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
      expect(partitionOf(repository, partitions)).toBe(partition);
    }));
  });

  it('never changes, because data is found by it', () => {
    expect(['/srv/shop', 'https://example.com/till.git', 'ü'].map((repository) => partitionOf(repository, 16))).toEqual([11, 15, 10]);
  });

  it('spreads repositories over all partitions', () => {
    const hits = Array.from({ length: 16 }, () => 0);
    for (let index = 0; index < 1_600; index += 1) hits[partitionOf(`https://example.com/${index}`, 16)]! += 1;
    expect(Math.min(...hits)).toBeGreaterThan(50);
    expect(Math.max(...hits)).toBeLessThan(200);
  });
});

describe('partitionPrefixes', () => {
  it('are hash tags of their own, except for a single partition on a single server', () => {
    expect(partitionPrefixes(1, false)).toEqual(['']);
    expect(partitionPrefixes(1, true)).toEqual(['{p00}:']);
    const prefixes = partitionPrefixes(MAX_PARTITIONS, false);
    expect(new Set(prefixes).size).toBe(MAX_PARTITIONS);
    expect(prefixes.filter((prefix) => !/^\{p\d\d\}:$/.test(prefix))).toEqual([]);
  });
});

describe('redisNodes', () => {
  it('names the nodes of a cluster, with its login', () => {
    expect(redisNodes('redis://u:p@h:1/2')).toEqual(['redis://u:p@h:1/2']);
    expect(redisNodes('rediss+cluster://u:p@h:1,[::1]:2,x')).toEqual(['rediss://u:p@h:1', 'rediss://u:p@[::1]:2', 'rediss://u:p@x']);
    expect([isClusterUrl('redis+cluster://h'), isClusterUrl('redis://h')]).toEqual([true, false]);
  });

  it.each(['http://h', 'redis://', 'redis+cluster://', 'redis+cluster://a:1,', 'redis+cluster://a:x', 'redis+cluster://a:1/path', 'h:6379'])('refuses %s', (url) => {
    expect(() => redisNodes(url)).toThrow(expect.objectContaining({ code: 'CASC_REDIS_URL_INVALID' }));
  });
});
