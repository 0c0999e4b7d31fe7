// All services in one process, null tiers and the real supervisor, for `npm run chaos -- soak`. Told `{ ask: n }` by its
// parent, it takes n cascades to their ends and answers what they cost; told `'heap'`, it answers with the heap in use.
import { readHostConfig, startService } from '@cascade/service-host';
import { EventPublisher } from '@cascade/streams';
import { service as supervisor } from '@cascade/supervisor';
import { Asker } from './asker.js';
import { nullTiers } from './null-tiers.js';

const settings = { inFlight: Number(process.env['SOAK_IN_FLIGHT']), retentionMs: Number(process.env['SOAK_RETENTION_MS']) };
// Shorter than people may set it, so that what Redis holds of a cascade expires while the soak runs.
const config = Object.assign(readHostConfig(process.env), { retentionMs: settings.retentionMs });
const publisher = new EventPublisher({ redis: config.partitions[0]! });
const asker = new Asker(publisher, settings.inFlight);
await Promise.all([...nullTiers(asker), supervisor].map((service) => startService(service, config)));

process.on('disconnect', () => process.exit(0));
process.on('message', (message: { readonly ask: number } | 'heap') => {
  void answer(message).then((reply) => process.send!(reply)); // a rejection ends the process, and its parent says so
});
process.send!('ready');

async function answer(message: { readonly ask: number } | 'heap'): Promise<object> {
  if (message === 'heap') {
    await globalThis.gc!({ execution: 'async', type: 'major' });
    return { heapBytes: process.memoryUsage().heapUsed };
  }
  const before = process.cpuUsage();
  await asker.ask(message.ask);
  const { user, system } = process.cpuUsage(before);
  return { cpuMicros: user + system };
}
