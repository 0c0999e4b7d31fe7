import type { Redis } from 'ioredis';

/** Now by Redis' clock, in Unix milliseconds: deadlines go by it, because processes' clocks differ and jump. */
export async function redisTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
