import {
  docsIndexed, docsIndexFailed, docsIndexRequested, newEventId, redisKeys, type CommandDefinition, type DataOf, type ReplyOf, type RequestOf,
} from '@cascade/contracts';
import { CommandClient, EventPublisher, fieldsOf } from '@cascade/streams';
import { Redis } from 'ioredis';

/** As long as a machine with much else to do may take for what an idle one does in seconds. */
const PATIENCE_MS = 180_000;

/** What a caller without any service of its own does: publishes, waits for the end, asks. */
export class DocsCaller {
  readonly commands: CommandClient;
  readonly publisher: EventPublisher;
  readonly #reader: Redis;

  constructor(url: string) {
    this.commands = new CommandClient({ redis: { url } });
    this.publisher = new EventPublisher({ redis: { url } });
    this.#reader = new Redis(url);
  }

  ask<D extends CommandDefinition>(definition: D, request: RequestOf<D>): Promise<ReplyOf<D>> {
    return this.commands.send(definition, request, { key: newEventId(), cascadeId: 'spec', signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** The end of an indexing that this asks for. */
  async index(request: DataOf<typeof docsIndexRequested>): Promise<DataOf<typeof docsIndexed>> {
    return await this.ended((await this.publisher.publish(docsIndexRequested, request)).cascadeId);
  }

  /** Throws the problem of one that failed. */
  async ended(cascadeId: string): Promise<DataOf<typeof docsIndexed>> {
    const [good, bad] = [redisKeys.stream(docsIndexed.type), redisKeys.stream(docsIndexFailed.type)];
    const from = new Map([[good, '0'], [bad, '0']]);
    for (;;) {
      const read = await this.#reader.xread('BLOCK', PATIENCE_MS, 'STREAMS', good, bad, from.get(good)!, from.get(bad)!);
      if (read === null) throw new RangeError('no end of the indexing within three minutes');
      for (const [stream, entries] of read) {
        for (const [id, list] of entries) {
          from.set(stream, id);
          const fields = fieldsOf(list);
          if (fields['correlationid'] !== cascadeId) continue;
          if (stream === good) return docsIndexed.schema.parse(JSON.parse(fields['data'] ?? ''));
          throw Object.assign(new RangeError(fields['data']), docsIndexFailed.schema.parse(JSON.parse(fields['data'] ?? '')).problem);
        }
      }
    }
  }

  async close(): Promise<void> {
    this.#reader.disconnect();
    await Promise.all([this.commands.close(), this.publisher.close()]);
  }
}
