import type { Redis } from 'ioredis';
import { allKeys } from '../place/all-keys.js';

const terminalTypes = ['cascade.completed', 'cascade.failed', 'cascade.timed_out', 'cascade.cancelled'];

interface Told {
  readonly type: string;
  readonly id: string;
  readonly cascade: string;
}

/** Every event once, one terminal event per cascade, one clean-up per cascade. `mayRepeat`: the same event (id) again counts as one. */
export async function eventViolations(redis: Redis, cascades: readonly string[], mayRepeat: boolean): Promise<string[]> {
  const told = await allEvents(redis);
  const times = new Map<string, number>();
  for (const { id, type } of told) times.set(`${type} ${id}`, (times.get(`${type} ${id}`) ?? 0) + 1);
  const events = mayRepeat ? [...new Map(told.map((event) => [`${event.type} ${event.id}`, event])).values()] : told;
  const repeated = mayRepeat ? [] : [...times].filter(([, count]) => count > 1).map(([name, count]) => `event ${name} was published ${count} times`);
  return [...repeated, ...cascades.flatMap((id) => endingsOf(id, events.filter(({ cascade }) => cascade === id)))];
}

function endingsOf(id: string, events: readonly Told[]): string[] {
  const endings = events.filter(({ type }) => terminalTypes.includes(type)).map(({ type }) => type);
  const cleanings = events.filter(({ type }) => type === 'cascade.cleaned').length;
  return [
    ...(endings.length === 1 ? [] : [`cascade ${id} has ${endings.length} terminal events: ${endings.join(', ') || 'none'}`]),
    ...(cleanings === 1 ? [] : [`cascade ${id} was cleaned ${cleanings} times`]),
  ];
}

/** Of event streams only: commands may be sent again under the same id. */
async function allEvents(redis: Redis): Promise<Told[]> {
  const keys = (await allKeys(redis)).filter((key) => /(^|:)stream:(?!git[.]|small[.]digest)/.test(key));
  const entries = await Promise.all(keys.map((key) => redis.xrange(key, '-', '+')));
  return entries.flat().map(([, flat]) => {
    const field = (name: string): string => flat[flat.findIndex((one, index) => index % 2 === 0 && one === name) + 1] ?? '';
    const id = field('id');
    return { type: field('type'), id, cascade: field('correlationid') || id };
  });
}
