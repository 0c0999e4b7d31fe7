import type { PublishOptions } from './event-publisher.js';

/** What a message carries beside its data, for `emit` and `send` of a `StreamsClient`. */
export interface StreamsRecordOptions extends PublishOptions {
  /** `send`: the same key of the same `cascadeId` is the same piece of work, and is done once. */
  readonly key?: string;
  /** `send`: how long the caller waits. */
  readonly timeoutMs?: number;
}

/** Data with options, as Nest's other transports have their record builders. */
export class StreamsRecord<T = unknown> {
  constructor(readonly data: T, readonly options: StreamsRecordOptions = {}) {}

  static of(data: unknown): StreamsRecord {
    return data instanceof StreamsRecord ? data : new StreamsRecord(data);
  }
}
