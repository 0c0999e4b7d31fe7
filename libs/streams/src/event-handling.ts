import type { LoggerService } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import {
  asCascadeError, fromEntry, isCascadeError, retryable, terminal,
  type CascadeError, type CascadeEvent, type EventDefinition, type Outcome,
} from '@cascade/messages';
import { currentSpan, inScope, isTracing, names, spanEvents, type EntryOutcome, type Span } from '@cascade/telemetry';
import { ATTEMPTS, attemptsOf, withAttempt } from './attempt-log.js';
import { ClaimCheck, referenceOf, type PayloadReference } from './claim-check.js';
import type { Write } from './commit-job.js';
import type { Committer } from './committer.js';
import { deadLetterWrite } from './dead-letter.js';
import type { CallHandler } from './handler-call.js';
import { givenUp, type Ending, type Handling } from './handling.js';
import { processTraced, receiveTraced } from './message-spans.js';
import { nothing } from './outcome.js';
import { outcomeWrites } from './outcome-writes.js';
import { attemptOf, retryWrite } from './retry-entry.js';
import { ReadEntry } from './read-entry.js';
import { retryDelay } from './retry-table.js';
import type { ServiceStreams } from './service-streams.js';
import type { Delivery } from './stream-entry.js';
import { MAX_CONFLICT_RERUNS, type Settings } from './streams-options.js';
import { namedIn, unreadEvent, withoutData } from './unread-event.js';

export interface EventHandler {
  readonly definition: EventDefinition;
  readonly handler: MessageHandler;
}

interface Dependencies {
  readonly settings: Settings;
  /** By event type. */
  readonly handlers: ReadonlyMap<string, EventHandler>;
  readonly streams: ServiceStreams;
  readonly committer: Committer;
  readonly call: CallHandler;
  readonly shutdown: AbortSignal;
  readonly logger: LoggerService;
}

/** Takes one delivered event to its end: parse, run the handler, and commit what the result or the kind of error asks for. */
export class EventHandling {
  readonly #payloads: ClaimCheck;

  constructor(private readonly dependencies: Dependencies) {
    this.#payloads = new ClaimCheck(dependencies.settings.store);
  }

  /** Rejects only when the entry must stay pending: Redis refused the commit, or the state could not be asked. */
  async handle(delivery: Delivery): Promise<EntryOutcome> {
    const parsed = this.#parse(delivery);
    const { event, attempt } = isCascadeError(parsed) ? { event: namedIn(delivery), attempt: 1 } : parsed;
    const { service } = this.dependencies.settings;
    const { id, type, cascadeId, traceparent } = event;
    return inScope({ service, cascade: cascadeId || undefined, event: id, eventType: type, traceparent }, async () => {
      const received = receiveTraced({ service, delivery, event }, () => (isCascadeError(parsed) || parsed.reference === undefined ? parsed : this.#withData(parsed, parsed.reference)));
      const handling = received instanceof Promise ? await received : received;
      return processTraced({ service, delivery, event, attempt }, () => (isCascadeError(handling) ? this.#buryUnread(delivery, handling) : this.#handle(handling)));
    });
  }

  async #handle(handling: Handling): Promise<EntryOutcome> {
    for (let rerun = 0; ; rerun += 1) {
      const ending = rerun < MAX_CONFLICT_RERUNS
        ? await this.#run(handling)
        : await this.#end(handling, retryable('CASC_STATE_CONFLICT', `The state that ${handling.event.type} works on changed ${rerun} times beneath it.`));
      if (ending === 'left') return 'left';
      const ended = await this.#commitOrEnd(handling, ending);
      if (ended !== 'conflict') return ended;
    }
  }

  /** An outcome that Redis can never take (a key of another type) ends the event like any terminal error. */
  async #commitOrEnd(handling: Handling, ending: Ending): Promise<EntryOutcome | 'conflict'> {
    try {
      return await this.#commit(handling, ending);
    } catch (error) {
      if (!isCascadeError(error) || error.kind !== 'terminal') throw error;
      return this.#commit(handling, await this.#end(handling, error));
    }
  }

  #parse(delivery: Delivery): Handling | CascadeError {
    const { settings, handlers, streams } = this.dependencies;
    const origin = streams.originOf(delivery);
    const isRetry = origin.type === undefined;
    const type = origin.type ?? delivery.fields['type'] ?? '';
    const known = handlers.get(type);
    if (known === undefined) return terminal('CASC_EVENT_INVALID', `${settings.service} handles no events of type ${JSON.stringify(type.slice(0, 100))}.`);
    try {
      const reference = referenceOf(delivery.fields);
      const event = reference === undefined ? fromEntry(known.definition, delivery.id, delivery.fields, origin.priority) : withoutData(known.definition, delivery, origin.priority);
      const attempt = isRetry ? attemptOf(delivery.fields) : 1;
      return { event, entry: new ReadEntry(delivery, event, reference), delivery, attempt, failed: isRetry ? attemptsOf(delivery.fields[ATTEMPTS]) : [], reference };
    } catch (error) {
      return asCascadeError(error);
    }
  }

  /** Not for an entry that was delivered too often: its payload may be what its services die of. */
  async #withData(handling: Handling, reference: PayloadReference): Promise<Handling | CascadeError> {
    const { settings, handlers } = this.dependencies;
    const { event, delivery } = handling;
    if (delivery.deliveries > settings.maxDeliveries) return handling;
    try {
      return { ...handling, event: await this.#payloads.redeem(handlers.get(event.type)!.definition, delivery, reference, event.priority) };
    } catch (error) {
      const unread = this.#explain(error, event);
      return unread.kind === 'terminal' ? unread : { ...handling, unread };
    }
  }

  async #run(handling: Handling): Promise<Ending | 'left'> {
    const { settings, shutdown } = this.dependencies;
    const { event, delivery } = handling;
    if (delivery.deliveries > settings.maxDeliveries) {
      return this.#bury(handling, terminal('CASC_DELIVERIES_EXHAUSTED', `${event.type} was delivered ${delivery.deliveries} times and nobody finished it.`, {
        advice: `Its handler in ${settings.service} crashes or stalls; look at the service's log.`,
      }), delivery.deliveries);
    }
    if (handling.unread !== undefined) return this.#end(handling, handling.unread);
    try {
      const result = await this.#call(handling);
      const spans = spansOf();
      const writes = this.#payloads.checkInAll(outcomeWrites(result, { cause: event, service: settings.service, maxDataBytes: this.#payloads.maxBytes, ...spans }));
      return { writes: writes instanceof Promise ? await writes : writes, expect: result.expect, outcome: 'done', ...spans };
    } catch (thrown) {
      if (shutdown.aborted) return 'left'; // what a handler throws because it was aborted is no defect, and it runs again
      return this.#end(handling, this.#explain(thrown, event));
    }
  }

  async #call({ event, entry }: Handling): Promise<Outcome> {
    const { settings, handlers, call, shutdown } = this.dependencies;
    const opened = await settings.runs.open(event, entry, shutdown);
    try {
      const outcome = (await call(handlers.get(event.type)!.handler, event, opened.run)) as Outcome | undefined ?? nothing();
      await opened.check?.(outcome);
      return outcome;
    } finally {
      opened.close();
    }
  }

  #explain(thrown: unknown, event: CascadeEvent): CascadeError {
    currentSpan().fail(thrown);
    if (!isCascadeError(thrown)) {
      const stack = thrown instanceof Error ? thrown.stack : undefined;
      this.dependencies.logger.error(`CASC_DEFECT while handling ${event.type} ${event.id}: ${String(thrown)}`, stack);
    }
    return asCascadeError(thrown);
  }

  /**
   * Of results the first counts, whoever has it. An error counts only while the entry is still ours: a worker that was
   * frozen fails because another took over, and that is no failure of the event.
   */
  async #end(handling: Handling, error: CascadeError): Promise<Ending> {
    return { ...await this.#endingBy(handling, error), owner: this.dependencies.settings.consumer };
  }

  /** The kind of an error decides, and nothing else. */
  async #endingBy(handling: Handling, error: CascadeError): Promise<Ending> {
    const { service, retryDelays, runs } = this.dependencies.settings;
    const { event, entry, attempt, failed } = handling;
    switch (error.kind) {
      case 'cancelled':
        return { writes: [], outcome: 'cancelled' };
      case 'needs-input':
        return await this.#endingOf(event, await runs.waiting(event, entry, error.toProblem()), `waiting/${error.code}/${error.message}`, 'waiting') ?? this.#refuse(handling, error);
      case 'terminal':
        return await this.#failure(event, error) ?? this.#refuse(handling, error);
      case 'retryable': {
        const delay = retryDelay(retryDelays, error, attempt);
        if (delay === undefined) return this.#bury(handling, givenUp(error, attempt), attempt);
        currentSpan().event(spanEvents.retried);
        await runs.retrying?.(event, error.toProblem(), delay);
        return { writes: [retryWrite(service, entry, attempt + 1, withAttempt(failed, error, Date.now()), delay)], outcome: 'retried' };
      }
    }
  }

  /** Dead letter and failure of the cascade in one commit. */
  async #bury(handling: Handling, error: CascadeError, attempts: number): Promise<Ending> {
    const letter = this.#letter(handling, error, attempts);
    try {
      const failure = await this.#failure(handling.event, error);
      return { ...failure, writes: [letter, ...failure?.writes ?? []], outcome: 'dead_lettered' };
    } catch (failed) {
      // An entry whose failure cannot be told either would come back for ever; its cascade ends by its deadline.
      if (handling.delivery.deliveries <= this.dependencies.settings.maxDeliveries) throw failed;
      this.#explain(failed, handling.event);
      return { writes: [letter], outcome: 'dead_lettered' };
    }
  }

  /** An event that no cascade fails by must not vanish either: somebody published it and waits for what it does. */
  #refuse(handling: Handling, error: CascadeError): Ending {
    const { settings, logger } = this.dependencies;
    const { event, attempt } = handling;
    logger.warn(`${error.code}: ${event.type} ${event.id} goes to the dead letters of ${settings.service}: ${error.message}`);
    return { writes: [this.#letter(handling, error, attempt)], outcome: 'dead_lettered' };
  }

  #letter({ entry, failed }: Handling, error: CascadeError, attempts: number): Write {
    currentSpan().fail(error);
    currentSpan().event(spanEvents.deadLetter);
    return deadLetterWrite(this.dependencies.settings.service, entry, error.toProblem(), attempts, withAttempt(failed, error, Date.now()));
  }

  async #failure(event: CascadeEvent, error: CascadeError): Promise<Ending | undefined> {
    return this.#endingOf(event, await this.dependencies.settings.runs.failed(event, error.toProblem()), 'failed', 'failed');
  }

  async #endingOf(cause: CascadeEvent, result: Outcome | undefined, scope: string, outcome: EntryOutcome): Promise<Ending | undefined> {
    if (result === undefined) return undefined;
    const spans = spansOf();
    const writes = outcomeWrites(result, { cause, service: this.dependencies.settings.service, scope, maxDataBytes: this.#payloads.maxBytes, ...spans });
    return { writes: await this.#payloads.checkInAll(writes), expect: result.expect, outcome, ...spans };
  }

  async #commit({ event, delivery }: Handling, { spans, ...ending }: Ending): Promise<EntryOutcome | 'conflict'> {
    const { settings, committer } = this.dependencies;
    const result = await committer.commit({ stream: delivery.stream, group: settings.service, id: delivery.id, fence: settings.runs.fence(event), ...ending });
    for (const span of [...spans ?? [], currentSpan()]) span.set({ [names.commit]: result });
    for (const span of spans ?? []) span.end();
    return result === 'committed' ? ending.outcome : result === 'conflict' ? 'conflict' : 'dropped';
  }

  /** An entry that is no event ends the cascade that it names: what it was to bring will never come. */
  async #buryUnread(delivery: Delivery, error: CascadeError): Promise<EntryOutcome> {
    const { settings, committer, logger } = this.dependencies;
    logger.warn(`${error.code}: ${delivery.stream} ${delivery.id} goes to the dead letters of ${settings.service}: ${error.message}`);
    const letter = deadLetterWrite(settings.service, delivery, error.toProblem(), delivery.deliveries);
    const event = unreadEvent(delivery, this.dependencies.streams.originOf(delivery).type);
    for (let rerun = 0; rerun <= MAX_CONFLICT_RERUNS; rerun += 1) {
      const isTold = event !== undefined && rerun < MAX_CONFLICT_RERUNS && delivery.deliveries <= settings.maxDeliveries;
      const failure = isTold ? await this.#failure(event, error) : undefined;
      const ending = { writes: [letter, ...failure?.writes ?? []], expect: failure?.expect };
      currentSpan().fail(error);
      if (await committer.commit({ stream: delivery.stream, group: settings.service, id: delivery.id, ...ending }) !== 'conflict') break;
    }
    return 'dead_lettered';
  }
}

/** Where the spans of an ending gather, when there are any. */
const spansOf = (): { readonly spans?: Span[] } => (isTracing() ? { spans: [] } : {});
