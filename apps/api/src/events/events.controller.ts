import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Draining } from '../about.controller.js';
import { ApiConfig } from '../api-config.js';
import { cascadeEventStream } from '../contract/cascade-operations.js';
import { overviewEventStream } from '../contract/stream-operations.js';
import type { InputOf } from '../contract/operation.js';
import { ClientName } from '../http/client-name.js';
import { Implements, Input } from '../http/implements.js';
import { sendStream } from '../http/send-stream.js';
import { Partitions } from '../partitions.js';
import { cascadeEvents, END_ID, type StreamSignals } from './cascade-events.js';
import { CascadeWatches } from './cascade-watches.js';
import { OpenStreams } from './open-streams.js';
import { Overview, overviewEvents } from './overview.js';

/** Streams of events. */
@Controller()
export class EventsController {
  constructor(private readonly partitions: Partitions, private readonly watches: CascadeWatches, private readonly overview: Overview, private readonly draining: Draining, private readonly streams: OpenStreams, private readonly config: ApiConfig) {}

  @Implements(cascadeEventStream)
  async follow(@Input() { params: { id }, headers }: InputOf<typeof cascadeEventStream>, @ClientName() client: string, @Res() reply: FastifyReply): Promise<void> {
    const after = headers['last-event-id'] ?? '0';
    const { redis, record } = await this.partitions.cascades.require(id);
    if (after === END_ID) return void reply.status(204).send();
    const watch = await this.watches.take(redis, record);
    try {
      await this.serve(reply, client, (signals) => cascadeEvents(watch, after, signals));
    } finally {
      this.watches.release(watch);
    }
  }

  @Implements(overviewEventStream)
  async followAll(@ClientName() client: string, @Res() reply: FastifyReply): Promise<void> {
    await this.overview.follow(() => this.serve(reply, client, (signals) => overviewEvents(this.overview, signals)));
  }

  private async serve(reply: FastifyReply, client: string, eventsUntil: (signals: StreamSignals) => AsyncIterable<string>): Promise<void> {
    const release = this.streams.admit(client);
    await sendStream(reply, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }, stalledMs: this.config.stalledMs,
      partsUntil: (left) => eventsUntil({ left, draining: this.draining.signal }),
    }).finally(release);
  }
}
