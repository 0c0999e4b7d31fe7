import type { Redis } from 'ioredis';
import { z } from 'zod';
import { redisKeys, type Progress } from '@cascade/contracts';
import { fieldsOf } from '@cascade/streams';
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

/** A line as it is read. */
export const progressLine = z.object({
  kind: z.enum(['tier', 'round', 'artefact', 'task', 'story', 'gate', 'notice']),
  text: z.string(),
  taskId: z.string().optional(),
  storyId: z.string().optional(),
  status: z.enum(['waiting', 'writing-tests', 'red', 'implementing', 'green', 'integrating', 'integrated', 'conflicted', 'failed']).optional(),
});

export interface TimelineLine {
  /** RFC 3339. */
  readonly at: string;
  readonly service: string;
  readonly line: Progress;
}

export interface TimelineRead {
  /** Its place in the stream: read on after it. */
  readonly id: string;
  /** Undefined for one that does not parse: the timeline is a display, and another version may write other kinds. */
  readonly line: TimelineLine | undefined;
}

export interface TimelinePage {
  /** Place of the last line that is known; `0` for none. */
  readonly after: string;
  readonly count: number;
  /** How long it waits for a line when there is none, in milliseconds; not at all unless given. */
  readonly blockMs?: number;
}

/** Lines of a cascade's timeline, oldest first. */
export async function readTimeline(redis: Redis, cascadeId: string, { after, count, blockMs }: TimelinePage): Promise<TimelineRead[]> {
  const key = redisKeys.timeline(cascadeId);
  const reply = blockMs === undefined
    ? await redis.xread('COUNT', count, 'STREAMS', key, after)
    : await redis.xread('COUNT', count, 'BLOCK', blockMs, 'STREAMS', key, after);
  return (reply?.[0]?.[1] ?? []).map(lineRead);
}

/** The newest lines of a cascade's timeline, oldest first. */
export async function newestLines(redis: Redis, cascadeId: string, count: number): Promise<TimelineRead[]> {
  return (await redis.xrevrange(redisKeys.timeline(cascadeId), '+', '-', 'COUNT', count)).map(lineRead).toReversed();
}

const lineRead = ([id, flat]: readonly [string, readonly string[]]): TimelineRead => ({ id, line: parseLine(fieldsOf(flat)) });

function parseLine(fields: Readonly<Record<string, string>>): TimelineLine | undefined {
  try {
    return { at: fields['at'] ?? '', service: fields['service'] ?? '', line: progressLine.parse(JSON.parse(fields['line'] ?? '')) as Progress };
  } catch {
    return undefined;
  }
}
