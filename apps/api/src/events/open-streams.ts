import { Injectable } from '@nestjs/common';
import { retryable } from '@cascade/contracts';
import { ApiConfig } from '../api-config.js';

/** Part of all streams that one client may have. */
const MAX_SHARE = 1 / 4;

/** Answers that are held open, as many as are allowed: event streams, and calls of MCP that wait. */
@Injectable()
export class OpenStreams {
  private readonly open = new Map<string, number>();
  private count = 0;

  constructor(private readonly config: ApiConfig) {}

  /** Gives what has to be called, once, at the stream's end. Throws `CASC_TOO_MANY_STREAMS` (retryable). */
  admit(client: string): () => void {
    const mine = this.open.get(client) ?? 0;
    if (this.count >= this.config.streams || mine >= this.config.streams * MAX_SHARE) {
      throw retryable('CASC_TOO_MANY_STREAMS', mine >= this.config.streams * MAX_SHARE ? `This client has ${mine} event streams open.` : `${this.count} event streams are open.`, { retryAfterMs: 5_000, advice: 'Close some, or ask for the cascade now and then instead.' });
    }
    this.count += 1;
    this.open.set(client, mine + 1);
    return () => this.release(client);
  }

  private release(client: string): void {
    this.count -= 1;
    const left = (this.open.get(client) ?? 1) - 1;
    if (left > 0) this.open.set(client, left);
    else this.open.delete(client);
  }
}
