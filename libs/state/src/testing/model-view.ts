import { cascadeCleaned, defineEvent, inputRequested, redisKeys, terminalEvents } from '@cascade/contracts';
import { fieldsOf } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Model, Visible } from './cascade-model.js';

export const given = defineEvent('work.given', 'Work.', z.object({ n: z.number() }));
export const done = defineEvent('work.done', 'A result.', z.object({ n: z.number() }));
export const drawn = defineEvent('work.drawn', 'A new version of the graph.', z.object({ n: z.number() }));
const streams = [done, drawn, inputRequested, ...terminalEvents, cascadeCleaned].map((definition) => redisKeys.stream(definition.type));
const ends: readonly string[] = terminalEvents.map((definition) => definition.type);

/** What Redis holds of a cascade, in the terms of the model, and what must be true of it whatever the model says. */
export async function viewOf(redis: Redis, id: string): Promise<Omit<Visible, 'pending'>> {
  const [[state, calls], journal, parked, effects, answered, published, version, cleaned] = await Promise.all([
    redis.hmget(redisKeys.cascade(id), 'state', 'usage_calls'), redis.hgetall(redisKeys.journal(id)), redis.hgetall(redisKeys.parked(id)), redis.hkeys(redisKeys.effects(id)),
    redis.hkeys(redisKeys.answers(id)), publishedIn(redis), redis.hget(redisKeys.graph(id), 'version'), isCleaned(redis, id),
  ]);
  const paid = Object.keys(journal).filter((step) => !step.startsWith('effect/')).length;
  demand(Number(calls ?? 0) === paid, `every journalled step is paid once: ${calls} calls, ${paid} steps`);
  return {
    state: (state ?? 'none') as Model['state'], journal: mapped(journal, valueOf), parked: mapped(byName(parked), eventOf),
    effects: effects.map((key) => key.slice('agent:'.length)), answered, published, version: Number(version ?? 0), cleaned,
  };
}

const mapped = <T>(hash: Readonly<Record<string, string>>, read: (text: string) => T): Record<string, T> => Object.fromEntries(Object.entries(hash).map(([name, text]) => [name, read(text)]));
/** Without the ids of the events: in the model no two events ask under one name. */
const byName = (parked: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(parked).map(([field, text]) => [field.split('\n')[0]!, text]));
const valueOf = (text: string): string => (JSON.parse(text) as { value: string }).value;
const eventOf = (text: string): number => (JSON.parse((JSON.parse(text) as { fields: { data: string } }).fields.data) as { n: number }).n;

/** Distinct by id; two events of one type and cause have the same id. */
async function publishedIn(redis: Redis): Promise<string[]> {
  const entries = (await Promise.all(streams.map((stream) => redis.xrange(stream, '-', '+')))).flat().map(([, flat]) => fieldsOf(flat));
  const names = [...new Map(entries.map((fields) => [fields['id']!, nameOf(fields)])).values()];
  demand(new Set(names).size === names.length, `an event that is published again has the same id: ${names.join(', ')}`);
  demand(entries.filter((fields) => ends.includes(fields['type']!)).length <= 1, 'a cascade ends once');
  return names;
}

function nameOf(fields: Readonly<Record<string, string>>): string {
  const { name } = JSON.parse(fields['data']!) as { name?: string };
  const cause = fields['type'] === cascadeCleaned.type ? 'end' : fields['causationid'] ?? 'outside';
  return `${fields['type']} ${cause}${name === undefined ? '' : `/${name}`}`;
}

/** After the clean-up nothing of the cascade stays for ever. */
async function isCleaned(redis: Redis, id: string): Promise<boolean> {
  if (await redis.pttl(redisKeys.cascade(id)) < 0) return false;
  const keys = await redis.keys(`cascade:${id}*`);
  const forEver = await Promise.all(keys.map(async (key) => (await redis.pttl(key) < 0 ? [key] : [])));
  demand(forEver.flat().length === 0, `keys of a cleaned cascade expire, also ${forEver.flat().join(', ')}`);
  return true;
}

export function demand(condition: boolean, what: string): void {
  if (!condition) throw new NotAsSpecifiedError(what);
}
export class NotAsSpecifiedError extends Error {}
