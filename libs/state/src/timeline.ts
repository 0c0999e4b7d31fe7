import type { Redis } from 'ioredis';
import { redisKeys, type Progress } from '@cascade/contracts';
import { writeOfCascade } from './write-of-cascade.js';

/** Bound of a cascade's timeline; the oldest lines go. It is a display, not a work stream: nothing is decided by it. */
export const MAX_TIMELINE_LINES = 10_000;
/** Bound of one line of the timeline in characters. */
export const MAX_LINE_CHARACTERS = 2000;

/** Appends a line for people to a cascade's timeline. */
export async function appendLine(redis: Redis, cascadeId: string, service: string, line: Progress): Promise<void> {
  const bounded = { ...line, text: line.text.slice(0, MAX_LINE_CHARACTERS) };
  await writeOfCascade(redis, cascadeId, 'XADD', redisKeys.timeline(cascadeId), 'MAXLEN', '~', MAX_TIMELINE_LINES, '*', 'at', new Date().toISOString(), 'service', service, 'line', JSON.stringify(bounded));
}
