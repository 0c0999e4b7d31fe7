import { defineEvent, newEventId, toEntry } from '@cascade/messages';
import { z } from 'zod';

const plan = z.object({
  repo: z.string().max(200), issue: z.int(), title: z.string().max(500), labels: z.array(z.string().max(50)).max(20), body: z.string().max(10_000),
  /** When it was published, in milliseconds of `performance.now()` of the publishing process; 0 where nobody asks. */
  at: z.number(),
});

/** What every contestant carries: about 300 bytes of payload, as a JSON text. */
export const taskPlanned = defineEvent('task.planned', 'What the contestants consume.', plan);
export const taskDone = defineEvent('task.done', 'What the contestants publish for it.', plan);

export const dataOf = (issue, at = 0) => ({
  repo: 'acme/widgets', issue, title: 'Fix the flaky retry in the scheduler', labels: ['bug', 'p2'], body: 'x'.repeat(120), at,
});

/** The entry of an event as Cascade writes it: a field and a value for each CloudEvents attribute. */
export function entryOf(definition, data) {
  const id = newEventId();
  const event = { id, type: definition.type, source: 'urn:cascade:publisher', time: new Date().toISOString(), cascadeId: id, subject: id, dataschema: definition.dataschema, data };
  return Object.entries(toEntry(event)).flat();
}

/** The same in as little as possible: one field for the type, one for everything else. */
export function leanEntryOf(definition, data) {
  return ['e', definition.type, 'd', JSON.stringify({ id: newEventId(), type: definition.type, time: Date.now(), data })];
}

export const input = `stream:${taskPlanned.type}`;
/** Consumer group. */
export const group = 'bench';
export const output = `stream:${taskDone.type}`;

/** Makes the group and fills the stream with `count` events. */
export async function preload(redis, count, entry = entryOf) {
  await redis.xgroup('CREATE', input, group, '0', 'MKSTREAM');
  for (let from = 0; from < count; from += 500) {
    const pipeline = redis.pipeline();
    for (let issue = from; issue < Math.min(count, from + 500); issue += 1) pipeline.xadd(input, '*', ...entry(taskPlanned, dataOf(issue)));
    await pipeline.exec();
  }
}

/** `callers` at once, each awaiting its call before the next one. */
export async function concurrently(count, callers, call) {
  let next = 0;
  const work = async () => { while (next < count) await call(next++); };
  await Promise.all(Array.from({ length: callers }, work));
}

/** Calls at a steady rate, whatever becomes of the calls. Resolves after the last one was made. */
export async function steadily(rate, seconds, call) {
  const begin = performance.now();
  for (let made = 0; made < rate * seconds;) {
    const due = Math.min(rate * seconds, Math.floor((performance.now() - begin) / 1000 * rate));
    while (made < due) call(made++);
    await new Promise((resolve) => { setTimeout(resolve, 1); });
  }
}
