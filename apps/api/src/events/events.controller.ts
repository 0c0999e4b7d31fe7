import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Res } from '@nestjs/common';
import { retryable } from '@cascade/contracts';
import type { FastifyReply } from 'fastify';
import { Draining } from '../about.controller.js';
import { ApiConfig } from '../api-config.js';
import { cascadeEventStream } from '../contract/cascade-operations.js';
import type { InputOf } from '../contract/operation.js';
import { ClientName } from '../http/client-name.js';
import { Implements, Input } from '../http/implements.js';
import { Partitions } from '../partitions.js';
import { cascadeEvents, END_ID } from './cascade-events.js';
import { CascadeWatches } from './cascade-watches.js';

/** A client that takes nothing of what waits for it for so long, in milliseconds, is dropped; it can go on with Last-Event-ID. */
export const STALLED_MS = 30_000;
/** Part of all streams that one client may have. */
const MAX_SHARE = 1 / 4;

/** Streams of events, as many as are allowed. */
@Controller()
export class EventsController {
  private readonly open = new Map<string, number>();
  private count = 0;

  constructor(private readonly partitions: Partitions, private readonly watches: CascadeWatches, private readonly draining: Draining, private readonly config: ApiConfig) {}

  @Implements(cascadeEventStream)
  async follow(@Input() { params: { id }, headers }: InputOf<typeof cascadeEventStream>, @ClientName() client: string, @Res() reply: FastifyReply): Promise<void> {
    const after = headers['last-event-id'] ?? '0';
    const { redis, record } = await this.partitions.cascades.require(id);
    if (after === END_ID) return void reply.status(204).send();
    this.admit(client);
    const watch = await this.watches.take(redis, record);
    const left = new AbortController();
    const response = reply.hijack().raw;
    response.on('close', () => left.abort()).setTimeout(STALLED_MS, () => response.destroy());
    try {
      response.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } as Record<string, string>);
      const events = cascadeEvents(watch, after, AbortSignal.any([left.signal, this.draining.signal]));
      await pipeline(Readable.from(events, { highWaterMark: 1 }), response);
    } catch {
      response.destroy(); // the client went, or Redis failed: it connects again
    } finally {
      this.watches.release(watch);
      this.release(client);
    }
  }

  /** Throws `CASC_TOO_MANY_STREAMS` (retryable). */
  private admit(client: string): void {
    const mine = this.open.get(client) ?? 0;
    if (this.count >= this.config.streams || mine >= this.config.streams * MAX_SHARE) {
      throw retryable('CASC_TOO_MANY_STREAMS', mine >= this.config.streams * MAX_SHARE ? `This client has ${mine} event streams open.` : `${this.count} event streams are open.`, { retryAfterMs: 5_000, advice: 'Close some, or ask for the cascade now and then instead.' });
    }
    this.count += 1;
    this.open.set(client, mine + 1);
  }

  private release(client: string): void {
    this.count -= 1;
    const left = (this.open.get(client) ?? 1) - 1;
    if (left > 0) this.open.set(client, left);
    else this.open.delete(client);
  }
}
