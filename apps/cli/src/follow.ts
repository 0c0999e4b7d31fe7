import { terminal } from '@cascade/contracts';
import { Cascades, isTerminal, readTimeline, type CascadeRecord, type TimelineLine } from '@cascade/state';
import { createConnection, type RedisSettings } from '@cascade/streams';
import type { Redis } from 'ioredis';

/** How long one read of the timeline waits; the cascade's state is looked at as often. */
const BLOCK_MS = 400;
const LINES_PER_READ = 500;
/** A Redis that is away for longer ends the following (not the cascade). */
export const REDIS_PATIENCE_MS = 30_000;

export type Update = { readonly kind: 'line'; readonly line: TimelineLine } | { readonly kind: 'record'; readonly record: CascadeRecord };

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** End where a person is waited for; otherwise go on until the cascade's end. */
  readonly untilQuestion: boolean;
  /** Told when Redis goes away, and when it is back. */
  readonly onRedis: (away: boolean) => void;
}

/**
 * What happens to a cascade, from its beginning, until it has ended (or waits for a person); the last update is that
 * record, after the last line. Ends early and without error when `signal` aborts.
 * Throws `CASC_REDIS_LOST` when Redis stays away.
 */
export async function* followCascade(settings: RedisSettings, id: string, options: FollowOptions): AsyncGenerator<Update> {
  const reader = createConnection({ ...settings, name: 'cascade-follow', role: 'waiting' });
  const redis = createConnection({ ...settings, name: 'cascade-cli', role: 'commands' });
  const line = new RedisLine([reader, redis], id, options);
  try {
    yield* follow(new Cascades(redis), reader, id, line, options.untilQuestion);
  } finally {
    line.close();
    reader.disconnect();
    redis.disconnect();
  }
}

async function* follow(cascades: Cascades, reader: Redis, id: string, line: RedisLine, untilQuestion: boolean): AsyncGenerator<Update> {
  let [last, shown] = ['0', ''];
  for (;;) {
    // The state first: lines that were written before the end are then surely read after it.
    const record = await line.wait(cascades.find(id));
    if (line.closed) return;
    const settled = record !== undefined && (isTerminal(record.state) || (untilQuestion && record.state === 'waiting'));
    for (let more = true; more;) {
      const entries = await line.wait(readTimeline(reader, id, { after: last, count: LINES_PER_READ, ...(settled ? {} : { blockMs: BLOCK_MS }) }));
      if (line.closed || entries === undefined) return;
      for (const entry of entries) {
        last = entry.id;
        if (entry.line !== undefined) yield { kind: 'line', line: entry.line };
      }
      more = settled && entries.length > 0;
    }
    if (record !== undefined && JSON.stringify(record) !== shown) {
      shown = JSON.stringify(record);
      yield { kind: 'record', record };
    }
    if (settled) return;
  }
}

/** The two connections' well-being. Their commands wait for ever by themselves; this says when that has lasted too long. */
class RedisLine {
  closed = false;
  private readonly end = Promise.withResolvers<undefined>();
  private patience: NodeJS.Timeout | undefined;

  constructor(connections: readonly Redis[], private readonly id: string, private readonly options: FollowOptions) {
    this.end.promise.catch(() => undefined); // thrown by `wait`
    const abort = (): void => this.close();
    if (options.signal.aborted) abort();
    options.signal.addEventListener('abort', abort, { once: true });
    for (const connection of connections) {
      connection.on('error', () => undefined); // 'close' follows, and is what counts
      connection.on('close', () => this.away());
      connection.on('ready', () => this.back());
    }
  }

  /** The result, or undefined once closed. */
  async wait<T>(result: Promise<T>): Promise<T | undefined> {
    result.catch(() => undefined); // given up by the race
    return Promise.race([this.end.promise, result]);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.patience);
    this.end.resolve(undefined);
  }

  private away(): void {
    if (this.closed || this.patience !== undefined) return;
    this.options.onRedis(true);
    this.patience = setTimeout(() => {
      this.end.reject(terminal('CASC_REDIS_LOST', `Redis has been away for ${REDIS_PATIENCE_MS / 1000} s.`, { advice: `Nothing is lost that it had saved. When it is back, \`cascade resume ${this.id}\` goes on.` }));
    }, REDIS_PATIENCE_MS);
  }

  private back(): void {
    if (this.patience === undefined) return;
    clearTimeout(this.patience);
    this.patience = undefined;
    this.options.onRedis(false);
  }
}
