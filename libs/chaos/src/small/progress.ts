import { setTimeout as pause } from 'node:timers/promises';
import type { SmallRoad } from './small-road.js';

/** What is promised: consumers resume so soon after what was broken works again. They need two or three seconds of it. */
export const RESUME_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** Waits until a cascade that is asked for now has come through all services. Gives a violation when that takes too long. */
export async function untilProgress(road: SmallRoad, after: string): Promise<string[]> {
  const began = performance.now();
  const [id] = await road.request(1);
  while (await road.place.redis.xlen('stream:small.part_done') === 0 || !await hasEnded(road, id!)) {
    if (performance.now() - began > RESUME_WITHIN_MS) return [`nothing came through all services within ${RESUME_WITHIN_MS / 1000} s after ${after}`];
    await pause(LOOK_AGAIN_MS);
  }
  return [];
}

async function hasEnded(road: SmallRoad, id: string): Promise<boolean> {
  return await road.place.redis.hget(`cascade:${id}`, 'state') === 'completed';
}
