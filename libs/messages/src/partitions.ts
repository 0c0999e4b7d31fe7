import { createHash } from 'node:crypto';
import { terminal } from './errors.js';

/** Their numbers have two digits. */
export const MAX_PARTITIONS = 100;

/**
 * The partition (from 0) of everything about a repository, by its name as the request gives it: the same in every
 * process and version, because it decides where data is found again.
 */
export function partitionOf(repository: string, partitions: number): number {
  return createHash('sha256').update(repository).digest().readUInt32BE(0) % partitions;
}

/**
 * What begins every key of each partition. The braces make Redis Cluster keep a partition's keys together, whatever
 * follows. One partition on a single server needs no prefix; on a cluster it does, for the keys to be together.
 */
export function partitionPrefixes(partitions: number, isCluster: boolean): readonly string[] {
  if (partitions === 1 && !isCluster) return [''];
  return Array.from({ length: partitions }, (_, index) => `{p${String(index).padStart(2, '0')}}:`);
}

const clusterUrl = /^(rediss?)\+cluster:\/\/(?:([^@/]*)@)?([^@/]+)\/?$/;

export const isClusterUrl = (url: string): boolean => /^rediss?\+cluster:/.test(url);

/**
 * The servers behind an address, each as `redis://…`: itself, or the nodes of `redis+cluster://host:port,host:port`.
 * Throws `CASC_REDIS_URL_INVALID` (terminal).
 */
export function redisNodes(url: string): readonly [string, ...string[]] {
  const [, protocol, login, hosts] = clusterUrl.exec(url) ?? [];
  const nodes = hosts === undefined ? [url] : hosts.split(',').map((host) => `${protocol}://${login === undefined ? '' : `${login}@`}${host}`);
  if (nodes.every((node) => /^rediss?:\/\/[^/]/.test(node) && URL.canParse(node))) return nodes as [string, ...string[]];
  throw terminal('CASC_REDIS_URL_INVALID', 'REDIS_URL is not a Redis address.', {
    advice: 'It looks like redis://host:6379 or rediss://user:password@host:6380; a cluster like redis+cluster://user:password@host:6379,host:6379.',
  });
}
