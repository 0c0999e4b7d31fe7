import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { asCascadeError, cancelled, type CascadeError } from '@cascade/contracts';
import type { Leadership } from '@cascade/state';
import { currentSpan, githubMetrics, inScope, names, traced } from '@cascade/telemetry';
import type { Hand } from '../state/leader-writes.js';
import { isAsked, matterOf, type Matter } from './matters.js';
import type { MatterQueue, Taken } from './matter-queue.js';

/** Waits before another attempt, in milliseconds: after these a matter is parked. */
export const RETRY_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000] as const;
/** How long wrong credentials are left alone: they are wrong for everything, and somebody is changing them. */
const UNAUTHORIZED_MS = 60_000;
/** Nothing is due: how soon it is looked again. */
const IDLE_MS = 200;
/** How often it is looked whether this process still leads while a matter is in hand. */
const LOOK_MS = 1_000;
/** Redis is away. */
const TROUBLE_MS = 2_000;

/** What is done about a matter. May be repeated, and may throw: what is retryable or cancelled comes again, anything else is parked. */
export type Perform = (matter: Matter, hand: Hand) => Promise<void>;

/**
 * Works through one queue, one matter after the other, while this process leads. Nothing is ever done at the same time as
 * something else of the same lane, so two reasons to create one issue cannot cross.
 */
export class Lane {
  private readonly logger = new Logger('github-sync');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly queue: MatterQueue, private readonly leadership: Leadership, private readonly perform: Perform, private readonly retryMs: readonly number[] = RETRY_MS) {}

  start(): void {
    this.running = this.run();
  }

  /** What is in hand is given up where it stands: the next leader takes it first. */
  async stop(): Promise<void> {
    this.stopping.abort(cancelled('github-sync stops.'));
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const wait = await this.turn().catch((error: unknown) => {
        this.logger.warn(`${this.queue.key} cannot be worked on: ${(error as Error).message}`);
        return TROUBLE_MS;
      });
      if (wait > 0) await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined); // it stops
    }
  }

  /** Does one matter; gives the milliseconds until there may be another one. */
  private async turn(): Promise<number> {
    if (!await this.leadership.lead()) return IDLE_MS;
    const { token } = this.leadership;
    const taken = await this.queue.take(token);
    if (taken === undefined) return IDLE_MS;
    await this.handle(token, taken);
    return 0;
  }

  /** What a person asked goes on in the trace that it came with; what many reasons made due once is linked to the last of them. */
  private handle(token: number, taken: Taken): Promise<void> {
    const matter = matterOf(taken.member);
    const { traceparent } = taken;
    const isOwn = matter !== undefined && isAsked(matter);
    const scope = { service: 'github-sync', ...(matter !== undefined && 'cascadeId' in matter ? { cascade: matter.cascadeId } : {}), ...(isOwn ? { traceparent } : {}) };
    const from = traceparent === undefined || isOwn ? {} : { links: [traceparent] };
    return inScope(scope, () => traced(`matter ${matter?.kind}`, { begins: true, ...from, attributes: { [names.matter]: matter?.kind } }, () => this.settle(token, taken, matter)));
  }

  private async settle(token: number, { member, attempt }: Taken, matter: Matter | undefined): Promise<void> {
    const leading = this.leading();
    try {
      if (matter !== undefined) await this.perform(matter, { token, signal: leading.signal });
      await this.queue.done(token, member);
      if (matter !== undefined) githubMetrics.matters.add({ matter: matter.kind, result: 'done' });
    } catch (error) {
      currentSpan().fail(error);
      if (!this.stopping.signal.aborted) await this.failed(token, { member, attempt }, asCascadeError(error));
    } finally {
      leading.close();
    }
  }

  /** A signal that aborts when this process stops or leads no more: whoever waits for GitHub's limits may wait for long. */
  private leading(): { readonly signal: AbortSignal; close(): void } {
    const lost = new AbortController();
    const look = async (): Promise<void> => {
      if (!await this.leadership.lead().catch(() => this.leadership.leads)) lost.abort(cancelled('Another process leads github-sync.'));
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return { signal: AbortSignal.any([lost.signal, this.stopping.signal]), close: () => clearInterval(timer) };
  }

  private async failed(token: number, { member, attempt }: Taken, error: CascadeError): Promise<void> {
    const tell = (result: 'retried' | 'parked'): void => githubMetrics.matters.add({ matter: matterOf(member)!.kind, result });
    const isWait = error.code === 'CASC_GITHUB_LIMITED' || error.code === 'CASC_GITHUB_UNAUTHORIZED';
    if (isWait) {
      this.logger.warn(`${error.message} (${error.code})`);
      tell('retried');
      return this.queue.later(token, member, error.retryAfterMs ?? UNAUTHORIZED_MS, false);
    }
    const afterMs = error.kind === 'retryable' || error.kind === 'cancelled' ? this.retryMs[attempt - 1] : undefined;
    tell(afterMs === undefined ? 'parked' : 'retried');
    if (afterMs !== undefined) return this.queue.later(token, member, Math.max(afterMs, error.retryAfterMs ?? 0), true);
    this.logger.error(`${member.split(' ')[0]} is given up until it changes: ${error.message} (${error.code})`);
    await this.queue.park(token, member, error.toProblem());
  }
}
