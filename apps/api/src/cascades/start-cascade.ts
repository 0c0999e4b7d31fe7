import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { cascadeRequested, deriveEventId, newEventId, redisKeys, retryable, terminal, type DataOf } from '@cascade/contracts';
import { parseSource } from '@cascade/git';
import { Partitions } from '../partitions.js';

type Requested = DataOf<typeof cascadeRequested>;

/** How long a key is remembered with its request. */
export const KEY_RETENTION_MS = 24 * 3_600_000;
/** A request under a key whose process died is free again after so long. */
const PENDING_MS = 15_000;
/** A Redis that does not confirm within this time: the request may have been published, and can be sent again under its key. */
const PUBLISH_MS = 10_000;

/** Asks for cascades. */
@Injectable()
export class StartCascade {
  constructor(private readonly partitions: Partitions) {}

  /**
   * Publishes the request, and gives the cascade's id. With a key the id is made of it, so that a repetition is the same
   * cascade; `client` keeps one client's keys from another's. Throws what `parseSource` throws (terminal);
   * `CASC_IDEMPOTENCY_MISMATCH` (terminal), `CASC_IDEMPOTENCY_IN_PROGRESS` and `CASC_PUBLISH_TIMEOUT` (retryable).
   */
  async start(request: Requested, client: string, key?: string): Promise<string> {
    await checkRepository(request.repository);
    if (key === undefined) return this.publish(newEventId(), request);
    const id = deriveEventId(`${client}\n${key}`, 0, 'cascade');
    return this.once(id, createHash('sha256').update(JSON.stringify(request)).digest('hex'), () => this.publish(id, request));
  }

  /** The same once more, as a cascade of its own whose id is made of the first one's. */
  async again(id: string, request: Requested): Promise<string> {
    const next = deriveEventId(id, 0, 'retry');
    return this.once(next, '', () => this.publish(next, request));
  }

  /** `fingerprint → pending`, then `done`; the hash of one key tells its repetitions from other requests. */
  private async once(id: string, fingerprint: string, publish: () => Promise<string>): Promise<string> {
    const { redis } = this.partitions.first;
    const name = redisKeys.apiRequest(id);
    if (await redis.set(name, `pending ${fingerprint}`, 'PX', PENDING_MS, 'NX') === null) {
      const [state, known] = (await redis.get(name))?.split(' ') ?? [];
      if (known !== undefined && known !== fingerprint) throw terminal('CASC_IDEMPOTENCY_MISMATCH', 'Another request was sent with this Idempotency-Key before.', { advice: 'Take a new key for a new request.' });
      if (state === 'done') return id;
      throw retryable('CASC_IDEMPOTENCY_IN_PROGRESS', 'The same request is being handled at this moment.', { retryAfterMs: 1_000 });
    }
    try {
      await publish();
    } catch (error) {
      await redis.del(name);
      throw error;
    }
    await redis.set(name, `done ${fingerprint}`, 'PX', KEY_RETENTION_MS);
    return id;
  }

  /** The record is made here too, so that who asked can look at once; whoever comes second finds it. */
  private async publish(id: string, request: Requested): Promise<string> {
    const { publisher, cascades } = this.partitions.of(request.repository);
    const event = { id, cascadeId: id, source: 'urn:cascade:api' };
    const time = new Date().toISOString();
    await publisher.publish(cascadeRequested, request, { ...event, ...(request.priority === undefined ? {} : { priority: request.priority }), signal: AbortSignal.timeout(PUBLISH_MS) });
    await cascades.accept({ ...event, type: cascadeRequested.type, time, dataschema: cascadeRequested.dataschema, data: request });
    return id;
  }
}

/**
 * An address is looked at as text, so that a password in it is stored nowhere; a path is git-worker's to find, on its own
 * machine, and has to be whole.
 */
async function checkRepository(repository: string): Promise<void> {
  if (/^(?:\/|file:\/\/\/)/i.test(repository) && !/[\u0000-\u001f\u007f]/.test(repository)) return;
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(repository) || /^[\w.-]+@[^/:@\s]+:/.test(repository)) return void await parseSource(repository);
  throw terminal('CASC_REPOSITORY_UNSUPPORTED', 'A repository is an https or ssh address, or an absolute path where git-worker runs.');
}
