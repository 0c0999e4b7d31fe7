import { Redis } from 'ioredis';
import { output } from './events.mjs';

/** Reads what the contestant publishes and gives, when it has all, the milliseconds since what caused it was published. */
export async function followOutput(url, count) {
  const redis = new Redis(url);
  await redis.ping();
  const follow = async () => {
    const hops = [];
    for (let last = '0-0'; hops.length < count;) {
      const [[, entries]] = await redis.xread('COUNT', 256, 'BLOCK', 0, 'STREAMS', output, last);
      for (const [id, fields] of entries) {
        hops.push(performance.now() - JSON.parse(fields.at(-1)).at);
        last = id;
      }
    }
    redis.disconnect();
    return hops;
  };
  return { done: follow() };
}
