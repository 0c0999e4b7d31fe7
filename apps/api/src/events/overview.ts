import { Injectable } from '@nestjs/common';
import { shortView } from '../cascades/cascade-view.js';
import { Partitions } from '../partitions.js';
import { comeBack, event, HEARTBEAT_MS, RETRY_MS, type StreamSignals } from './cascade-events.js';
import { ChangeSignal } from './change-signal.js';
import { streamFigures } from './stream-figures.js';

/** How often it is looked, once for all who follow. */
const LOOK_EVERY_MS = 1_000;
/** Cascades that are looked at, the newest. */
export const MAX_OVERVIEW = 100;

/** The newest cascades and the figures of all streams as they were at the last look, while somebody follows. */
@Injectable()
export class Overview {
  readonly changes = new ChangeSignal();
  /** By id, oldest first, as the JSON that is sent. */
  cascades: ReadonlyMap<string, string> = new Map();
  streams = '';
  private followers = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly partitions: Partitions) {}

  async follow(work: () => Promise<void>): Promise<void> {
    this.followers += 1;
    try {
      if (this.followers === 1) await this.look();
      this.timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS);
      await work();
    } finally {
      this.followers -= 1;
      if (this.followers === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    }
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const [records, figures] = await Promise.all([this.partitions.cascades.list(MAX_OVERVIEW), streamFigures(this.partitions.connections)]);
      const cascades = new Map(records.toReversed().map((record) => [record.id, JSON.stringify(shortView(record))]));
      const streams = JSON.stringify(figures);
      if (streams === this.streams && cascades.size === this.cascades.size && [...cascades].every(([id, text]) => this.cascades.get(id) === text)) return;
      [this.cascades, this.streams] = [cascades, streams];
      this.changes.tell();
    } catch {
      // Redis is away, and will be looked at again
    } finally {
      this.looking = false;
    }
  }
}

/** Everything at first, then what changed since it was sent. */
export async function* overviewEvents(overview: Overview, { left, draining }: StreamSignals, heartbeatMs: number = HEARTBEAT_MS): AsyncGenerator<string> {
  const signal = AbortSignal.any([left, draining]);
  yield `retry: ${RETRY_MS}\n\n`;
  let [sent, sentStreams]: [ReadonlyMap<string, string>, string] = [new Map(), ''];
  while (!signal.aborted) {
    const { cascades, streams, changes: { version } } = overview;
    for (const [id, text] of cascades) if (sent.get(id) !== text) yield event('cascade', text);
    if (streams !== sentStreams) yield event('streams', streams);
    [sent, sentStreams] = [cascades, streams];
    while (!signal.aborted && await overview.changes.quiet(version, heartbeatMs, signal)) yield ': still here\n\n';
  }
  if (draining.aborted) yield comeBack();
}
