// One service process for tests that kill it: `crash-worker.ts <redis url> <claim idle ms> <longest handling ms>`.
import { Controller } from '@nestjs/common';
import { publication, type EventOf, type Outcome } from '@cascade/messages';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import { OnEvent } from '../on-event.js';
import { outcome } from '../outcome.js';
import { workDone, workGiven } from './definitions.js';
import { startTestService } from './test-service.js';

const [url = '', claimIdleMs = '0', longestMs = '0'] = process.argv.slice(2);
const redis = new Redis(url);

@Controller()
class Worker {
  @OnEvent(workGiven)
  async work({ data }: EventOf<typeof workGiven>): Promise<Outcome> {
    await redis.rpush('handled', data.n);
    await pause((data.n * 7919) % Number(longestMs));
    await redis.rpush('finished', data.n);
    return outcome({ save: [{ key: `result-${data.n}`, fields: { n: String(data.n) } }], publish: [publication(workDone, { n: data.n })] });
  }
}

await startTestService(url, Worker, { concurrency: 16, claimIdleMs: Number(claimIdleMs), maxDeliveries: 1_000 });
await redis.rpush('started', process.pid);
