import { Queue, Worker } from 'bullmq';
import { dataOf, steadily } from '../events.mjs';

const kept = { removeOnComplete: true, removeOnFail: true };

/** BullMQ with its defaults: process a job, add the next one. Finished jobs are removed, which is its faster way. */
export async function hop(url, { concurrency }) {
  const connection = { url, maxRetriesPerRequest: null };
  let queues = [];
  return {
    async prepare(count) {
      queues = ['planned', 'done'].map((name) => new Queue(name, { connection, defaultJobOptions: kept }));
      for (let from = 0; from < count; from += 500) {
        await queues[0].addBulk(Array.from({ length: Math.min(500, count - from) }, (_, index) => ({ name: 'task', data: dataOf(from + index) })));
      }
    },
    async run(count) {
      const { promise, resolve } = Promise.withResolvers();
      const worker = new Worker('planned', (job) => queues[1].add('task', job.data), { connection, concurrency });
      let completed = 0;
      worker.on('completed', () => { if (++completed === count) resolve(); });
      await promise;
      queues.push(worker);
    },
    close: () => Promise.all(queues.map((queue) => queue.close())),
  };
}

export async function latency(url, { concurrency }) {
  const connection = { url, maxRetriesPerRequest: null };
  return {
    async measure(rate, seconds) {
      const handled = [];
      const { promise, resolve } = Promise.withResolvers();
      const queue = new Queue('planned', { connection, defaultJobOptions: kept });
      const worker = new Worker('planned', async (job) => {
        handled.push(performance.now() - job.data.at);
        if (handled.length === rate * seconds) resolve();
      }, { connection, concurrency });
      await worker.waitUntilReady();
      await steadily(rate, seconds, (issue) => void queue.add('task', dataOf(issue, performance.now())));
      await promise;
      await Promise.all([worker.close(), queue.close()]);
      return { handled };
    },
  };
}
