/** Every so many reads begin with a lower lane, so that none starves. */
export const GUARD_EVERY = 8;

export interface ReadPlan {
  /** Index of the lane to begin with; 0 is the highest. The others follow from the highest. */
  readonly firstLane: number;
  /** Index of the stream to begin with in each lane. */
  readonly firstStream: number;
}

/**
 * Where read number `read` (from 0) begins. Ordinary reads begin with the highest lane. Each `GUARD_EVERY`th begins with
 * a lower one, and these take turns: a lane has the first choice at least once in `GUARD_EVERY * (lanes - 1)` reads,
 * hence 24 with four lanes, however much waits above it. Within a lane the streams take turns in the same way, so that
 * each of them has the first choice at least once in that many reads times their number.
 */
export function readPlan(read: number, lanes: number, streams: number): ReadPlan {
  if (lanes === 1) return { firstLane: 0, firstStream: read % streams };
  const turn = Math.floor(read / GUARD_EVERY);
  if (read % GUARD_EVERY !== GUARD_EVERY - 1) return { firstLane: 0, firstStream: (read - turn) % streams };
  const lower = lanes - 1;
  return { firstLane: lower - (turn % lower), firstStream: Math.floor(turn / lower) % streams };
}
