import type { Redis } from 'ioredis';
import { allKeys } from '../place/all-keys.js';

const workItem = /^repo-/;

/**
 * What must not be left in Redis when nothing is going on: entries that a group has not read or not acknowledged, timers,
 * reservations, leases, dead letters, and keys of ended cascades that never expire.
 */
export async function redisOrphans(redis: Redis, cascades: readonly string[]): Promise<string[]> {
  const keys = await allKeys(redis);
  const found = await Promise.all(keys.map((key) => orphansOf(redis, key)));
  return [...found.flat(), ...await eternalKeys(redis, keys, cascades), ...await timersOf(redis, cascades)];
}

async function orphansOf(redis: Redis, key: string): Promise<string[]> {
  if (/(^|:)(stream|retries):/.test(key)) return unfinishedEntries(redis, key);
  if (/(^|:)delayed:/.test(key)) return counted(key, 'delayed entries', await redis.zcard(key));
  if (/(^|:)dead:/.test(key)) return deadLetters(redis, key);
  if (key.endsWith(':reservations')) return counted(key, 'reservations', await redis.hlen(key));
  if (key.endsWith('active_agents')) return counted(key, 'live agents', await redis.scard(key));
  return [];
}

const counted = (key: string, what: string, count: number): string[] => (count === 0 ? [] : [`${key}: ${count} ${what} are left`]);

async function unfinishedEntries(redis: Redis, key: string): Promise<string[]> {
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
  const groups = (await redis.xinfo('GROUPS', key)) as unknown[][];
  return groups.map((flat) => Object.fromEntries(pairs(flat)) as { name: string; pending: number; 'last-delivered-id': string }).flatMap((group) => [
    ...counted(`${key} group ${group.name}`, 'pending entries', group.pending),
    ...(newest === undefined || newest[0] === group['last-delivered-id'] ? [] : [`${key} group ${group.name}: read up to ${group['last-delivered-id']}, the newest entry is ${newest[0]}`]),
  ]);
}

function pairs(flat: readonly unknown[]): [string, unknown][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [String(flat[2 * index]), flat[2 * index + 1]]);
}

async function deadLetters(redis: Redis, key: string): Promise<string[]> {
  const letters = await redis.xrange(key, '-', '+', 'COUNT', 5);
  return letters.map(([id, fields]) => `${key}: dead letter ${id} ${JSON.stringify(fields).slice(0, 400)}`);
}

async function eternalKeys(redis: Redis, keys: readonly string[], cascades: readonly string[]): Promise<string[]> {
  const mine = keys.filter((key) => !workItem.test(key) && (/(^|:)(lease|reply|sent):/.test(key) || cascades.some((id) => key.includes(id))));
  const lives = await Promise.all(mine.map((key) => redis.pttl(key)));
  return mine.filter((_, index) => lives[index] === -1).map((key) => `${key} never expires`);
}

async function timersOf(redis: Redis, cascades: readonly string[]): Promise<string[]> {
  const ended = new Set(cascades);
  const members = await redis.zrange('deadlines', '0', '-1');
  return members.filter((member) => ended.has(member)).map((member) => `deadlines: ${member} has ended and is still listed`);
}
