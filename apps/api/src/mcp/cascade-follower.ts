import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isTerminal, newestLines, readTimeline, type CascadeRecord, type TimelineLine, type TimelineRead } from '@cascade/state';
import type { Redis } from 'ioredis';
import { Draining } from '../about.controller.js';
import { CascadeWatches } from '../events/cascade-watches.js';
import { Partitions } from '../partitions.js';

/** Most lines of one answer: the newest. */
export const MAX_LINES = 100;
/** Lines that are shown to who names no place. */
const RECENT = 10;

export interface Following {
  readonly id: string;
  /** Where the reader is: `<place in the timeline>.<digest of the state>`. */
  readonly after: string | undefined;
  readonly waitMs: number;
  readonly until: 'change' | 'end';
}

export interface Followed {
  readonly lines: TimelineLine[];
  readonly cursor: string;
}

/** Waits a bounded time for what happens to a cascade. */
@Injectable()
export class CascadeFollower {
  constructor(private readonly partitions: Partitions, private readonly watches: CascadeWatches, private readonly draining: Draining) {}

  /** Each line is also told when it is read. Throws `CASC_CASCADE_UNKNOWN` (terminal). */
  async follow({ id, after, waitMs, until }: Following, left: AbortSignal, tell: (text: string) => void): Promise<Followed> {
    const { redis, record } = await this.partitions.cascades.require(id);
    const reader = new TimelineReader(redis, id, tell);
    const known = await reader.begin(after) ?? digestOf(record);
    const signal = AbortSignal.any([left, this.draining.signal]);
    const deadline = performance.now() + waitMs;
    const watch = await this.watches.take(redis, record);
    try {
      for (;;) {
        const { record: now, changes: { version } } = watch;
        const isNews = await reader.readOn() || digestOf(now) !== known;
        const isEnough = isTerminal(now.state) || (until === 'change' ? isNews : now.questions.length > 0);
        const leftMs = deadline - performance.now();
        if (isEnough || watch.gone || leftMs <= 0 || signal.aborted) return { lines: reader.lines, cursor: `${reader.last}.${digestOf(now)}` };
        await watch.changes.quiet(version, leftMs, signal);
      }
    } finally {
      this.watches.release(watch);
    }
  }
}

/** Reads a timeline on from a place, and keeps its newest lines. */
class TimelineReader {
  readonly lines: TimelineLine[] = [];
  last = '0';

  constructor(private readonly redis: Redis, private readonly id: string, private readonly tell: (text: string) => void) {}

  /** Goes to a place, without one to the end, with a few lines before it; gives the digest that the place has. */
  async begin(after: string | undefined): Promise<string | undefined> {
    const [place, digest] = after?.split('.') ?? [];
    this.last = place ?? '0';
    if (place !== undefined) return digest;
    this.keep(await newestLines(this.redis, this.id, RECENT));
    return undefined;
  }

  /** Whether there was anything. */
  async readOn(): Promise<boolean> {
    let isNews = false;
    for (let more = true; more;) {
      const read = await readTimeline(this.redis, this.id, { after: this.last, count: MAX_LINES });
      this.keep(read);
      for (const { line } of read) if (line !== undefined) this.tell(line.line.text);
      isNews ||= read.length > 0;
      more = read.length === MAX_LINES;
    }
    return isNews;
  }

  private keep(read: readonly TimelineRead[]): void {
    this.last = read.at(-1)?.id ?? this.last;
    this.lines.push(...read.flatMap(({ line }) => line ?? []));
    this.lines.splice(0, this.lines.length - MAX_LINES);
  }
}

/** Tells states apart; what is spent changes with every call of a model, and is no news. */
const digestOf = ({ state, tier, questions, cleanUp }: CascadeRecord): string => createHash('sha256').update(JSON.stringify([state, tier, questions, cleanUp])).digest('hex').slice(0, 8);
