import { githubDeliveryReceived, isCascadeError, redisKeys } from '@cascade/contracts';
import { reducedPayload, type ParsedDelivery } from '@cascade/github';
import type { HostConfig } from '@cascade/service-host';
import { EventPublisher, FileStore } from '@cascade/streams';
import type { Redis } from 'ioredis';

/** How long a delivery is known: GitHub repeats none that is older than three days. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

type Delivery = Extract<ParsedDelivery, { kind: 'delivery' }>;

/**
 * Publishes each delivery once in every partition: which of them know the repository is theirs to say. One that failed in
 * some of them is repeated by GitHub, and is then new only where it is missing.
 */
export class DeliveryPublisher {
  readonly #publishers: readonly EventPublisher[];

  constructor(config: HostConfig) {
    const store = new FileStore({ folder: config.storeFolder });
    this.#publishers = config.partitions.map((redis) => new EventPublisher({ redis, store }));
    for (const publisher of this.#publishers) publisher.connect();
  }

  /** Whether every partition can be reached, as far as is known. */
  get isReady(): boolean {
    return this.#publishers.every(({ connection }) => connection.status === 'ready');
  }

  /** The connection to the first partition, where what concerns all of them is. */
  get home(): Redis {
    return this.#publishers[0]!.connection;
  }

  /**
   * Resolves when it is published everywhere; true when it had been before. `bytes`: of the body, which an event that
   * cannot take all of it tells. Throws what `EventPublisher.publish` throws; waits for a Redis that is away.
   */
  async publish({ data, attributes }: Delivery, bytes: number): Promise<boolean> {
    try {
      return await this.#publishEverywhere(data, attributes);
    } catch (error) {
      if (!isCascadeError(error) || error.code !== 'CASC_PAYLOAD_TOO_LARGE') throw error;
      return this.#publishEverywhere({ ...data, payload: reducedPayload(data.payload), reducedFrom: bytes }, attributes);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#publishers.map((publisher) => publisher.close()));
  }

  async #publishEverywhere(data: Delivery['data'], { type, source, subject, time }: Delivery['attributes']): Promise<boolean> {
    const options = {
      id: data.delivery, source, subject, extensions: { githubtype: type }, ...(time === undefined ? {} : { time }),
      once: { key: redisKeys.delivery(data.delivery), forMs: REMEMBERED_MS },
    };
    const published = await Promise.all(this.#publishers.map((publisher) => publisher.publish(githubDeliveryReceived, data, options)));
    return published.every(({ isRepeated }) => isRepeated);
  }
}
