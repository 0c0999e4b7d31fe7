import { expect, it } from '@jest/globals';
import { streamMetrics } from '@cascade/telemetry';
import { countPublished } from './count-published.js';
import { EntryMeter } from './entry-meter.js';

const [stream, group] = ['stream:thing.happened', 'meter'];
const entry = (deliveries = 1) => ({ stream, id: `${Date.now() - 2_000}-0`, fields: {}, deliveries });
const handled = (outcome: 'done' | 'retried' | 'dead_lettered'): number => streamMetrics.processed.at({ stream, group, outcome }).value;

it('counts how entries end, how long they waited and took, and which were taken over', async () => {
  const meter = new EntryMeter(group);
  meter.begin([stream]);
  expect((await streamMetrics.processed.get()).values).toContainEqual({ labels: { stream, group, outcome: 'dead_lettered' }, value: 0 });
  await meter.measured(async () => 'done')(entry());
  await meter.measured(async () => 'dead_lettered')(entry(3));
  await expect(meter.measured(async () => { throw new RangeError('not committed'); })(entry())).rejects.toThrow('not committed');
  expect([handled('done'), handled('dead_lettered'), handled('retried')]).toEqual([1, 1, 0]);
  expect(streamMetrics.claimed.at({ stream, group }).value).toBe(1);
  const [wait, process] = [streamMetrics.wait.at({ stream, group }), streamMetrics.process.at({ stream, group })];
  expect(wait.sum).toBeGreaterThanOrEqual(6); // of three entries
  expect(process.counts.reduce((sum, count) => sum + count)).toBe(2);
});

it('counts what is published on streams of events and commands, and on no other', async () => {
  for (const key of [stream, stream, 'retries:meter', 'dead:meter', 'cascade:1:timeline']) countPublished(key);
  expect((await streamMetrics.published.get()).values).toEqual([{ labels: { stream }, value: 2 }]);
});
