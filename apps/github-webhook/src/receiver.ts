import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { asCascadeError, isCascadeError, MAX_WEBHOOK_BYTES, retryable, within, type Secret } from '@cascade/contracts';
import { isSignature, isSignedBy, parseDelivery } from '@cascade/github';
import { inScope, names, traced } from '@cascade/telemetry';
import { ByteBudget } from './byte-budget.js';
import type { DeliveryPublisher } from './delivery-publisher.js';
import type { Outcome } from './outcomes.js';
import { readBody, type Body } from './read-body.js';
import { WEBHOOK_PATH } from './webhook-path.js';

/** Bodies that are held at the same time, in bytes: a few of the largest, or thousands of usual ones. */
export const MAX_BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** Longest wait for Redis; GitHub waits for ten seconds. */
const PUBLISH_WITHIN_MS = 3_000;

/** Smaller in tests, which do not wait. */
export interface ReceiverLimits {
  readonly bytesInFlight: number;
  readonly publishWithinMs: number;
}
const usual: ReceiverLimits = { bytesInFlight: MAX_BYTES_IN_FLIGHT, publishWithinMs: PUBLISH_WITHIN_MS };

/** How a delivery ended, with what its sender may know of the reason. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly why?: string;
}

/** Takes deliveries: bounded while they are read, verified before they are parsed, published before they are answered. */
export class Receiver {
  readonly #logger = new Logger('github-webhook');
  readonly #limits: ReceiverLimits;
  readonly #budget: ByteBudget;
  #isTroubled = false;

  constructor(private readonly secrets: readonly Secret[], private readonly publisher: DeliveryPublisher, limits: Partial<ReceiverLimits> = {}) {
    this.#limits = { ...usual, ...limits };
    this.#budget = new ByteBudget(this.#limits.bytesInFlight);
  }

  /** Never throws. */
  async receive(request: IncomingMessage): Promise<Verdict> {
    const signature = headerOf(request, 'x-hub-signature-256');
    if (!isSignature(signature)) return { outcome: 'unsigned' };
    if (!this.publisher.isReady) return this.#unavailable(retryable('CASC_REDIS_AWAY', 'Redis cannot be reached.'));
    const body = await readBody(request, MAX_WEBHOOK_BYTES, this.#budget);
    switch (body.kind) {
      case 'too_large': return { outcome: 'too_large' };
      case 'no_room': return { outcome: 'unavailable', why: 'too much at once' };
      case 'aborted': return { outcome: 'aborted' };
      case 'whole': return this.#take(request, signature, body);
    }
  }

  async #take(request: IncomingMessage, signature: string, { bytes, release }: Extract<Body, { kind: 'whole' }>): Promise<Verdict> {
    let published: Promise<boolean> | undefined;
    try {
      if (!isSignedBy(this.secrets, bytes, signature)) return { outcome: 'forged' };
      const parsed = parseDelivery({ delivery: headerOf(request, 'x-github-delivery'), event: headerOf(request, 'x-github-event') }, bytes);
      if (parsed.kind === 'malformed') return { outcome: 'malformed', why: parsed.why };
      if (parsed.kind === 'unknown') return { outcome: 'unknown_event' };
      published = asRequest(parsed.data.delivery, () => this.publisher.publish(parsed, bytes.length));
      const isRepeated = await within(this.#limits.publishWithinMs, published, () => {
        throw retryable('CASC_PUBLISH_TIMEOUT', 'Redis did not confirm a delivery in time; it may have been published.');
      });
      this.#isTroubled = false;
      return { outcome: isRepeated ? 'repeated' : 'accepted' };
    } catch (error) {
      return this.#unavailable(error);
    } finally {
      // What Redis has not answered still holds its bytes: so they are counted for as long as they are there.
      void (published ?? Promise.resolve()).catch(() => undefined).finally(release);
    }
  }

  /** Trouble is logged once until it is over; the sender is told no more than that there is some. */
  #unavailable(thrown: unknown): Verdict {
    const { code, message } = asCascadeError(thrown);
    if (!this.#isTroubled) this.#logger.warn(`deliveries are refused: ${message} (${code})`);
    this.#isTroubled = true;
    return { outcome: isCascadeError(thrown) && thrown.kind === 'terminal' ? 'failed' : 'unavailable' };
  }
}

/** A delivery begins a trace: one that is signed, so that nobody else can fill the store of traces. */
function asRequest(delivery: string, publish: () => Promise<boolean>): Promise<boolean> {
  const attributes = { [names.httpMethod]: 'POST', [names.httpRoute]: WEBHOOK_PATH, [names.deliveryId]: delivery };
  return inScope({ service: 'github-webhook', correlation: delivery }, () => traced(`POST ${WEBHOOK_PATH}`, { kind: 'server', begins: true, attributes }, publish));
}

/** A header that came more than once is none of GitHub's. */
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name];
  return values?.length === 1 ? values[0] : undefined;
}
