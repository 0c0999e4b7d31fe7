import { Redis } from 'ioredis';
import { concurrently, dataOf, entryOf, group, input, leanEntryOf, output, steadily, taskDone, taskPlanned } from '../events.mjs';
import { followOutput } from '../latencies.mjs';

/** The floor under everything that reads a stream: 256 entries per read, one XACK for all, nothing done with them. */
export async function consume(url) {
  const redis = new Redis(url);
  return {
    prepare: async () => undefined,
    close: async () => undefined,
    async run(count) {
      for (let seen = 0; seen < count;) {
        const [[, entries]] = await redis.xreadgroup('GROUP', group, 'c', 'COUNT', 256, 'STREAMS', input, '>');
        await redis.xack(input, group, ...entries.map(([id]) => id));
        seen += entries.length;
      }
    },
  };
}

/** 64 callers, each awaiting its XADD; ioredis puts what is called in the same turn into one pipeline. */
export async function publish(url, { lean = false }) {
  const redis = new Redis(url, { enableAutoPipelining: true });
  const entry = lean ? leanEntryOf : entryOf;
  return {
    prepare: async () => undefined,
    close: async () => undefined,
    run: (count) => concurrently(count, 64, (issue) => redis.xadd(input, '*', ...entry(taskPlanned, dataOf(issue)))),
  };
}

/** A hop without any promise: read, publish the next event, acknowledge, in one pipeline per read. */
export async function latency(url) {
  const redis = new Redis(url, { enableAutoPipelining: true });
  const waiter = new Redis(url);
  return {
    async measure(rate, seconds) {
      await redis.xgroup('CREATE', input, group, '0', 'MKSTREAM');
      const { done } = await followOutput(url, rate * seconds);
      const handled = [];
      const consumed = (async () => {
        while (handled.length < rate * seconds) {
          const reply = await waiter.xreadgroup('GROUP', group, 'c', 'COUNT', 256, 'BLOCK', 1000, 'STREAMS', input, '>');
          for (const [id, fields] of reply?.[0][1] ?? []) {
            const data = JSON.parse(fields.at(-1));
            handled.push(performance.now() - data.at);
            void redis.xadd(output, '*', ...entryOf(taskDone, data));
            void redis.xack(input, group, id);
          }
        }
      })();
      await steadily(rate, seconds, (issue) => void redis.xadd(input, '*', ...entryOf(taskPlanned, dataOf(issue, performance.now()))));
      await consumed;
      return { handled, hop: await done };
    },
  };
}
