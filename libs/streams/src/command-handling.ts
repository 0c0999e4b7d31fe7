import type { LoggerService } from '@nestjs/common';
import type { MessageHandler } from '@nestjs/microservices';
import { currentSpan, inScope, type EntryOutcome } from '@cascade/telemetry';
import { asCascadeError, isCascadeError, terminal, type CascadeError, type CommandDefinition } from '@cascade/messages';
import type { Write } from './commit-job.js';
import { commandTimeout, MAX_ID_CHARACTERS, parseCommand, problemReply, replyWrites, successReply, type Command, type StoredReply } from './command-message.js';
import type { Committer } from './committer.js';
import { deadLetterWrite } from './dead-letter.js';
import { Deadline } from './deadline.js';
import type { CallHandler } from './handler-call.js';
import { processTraced } from './message-spans.js';
import type { CommandCall } from './on-command.js';
import type { ServiceStreams } from './service-streams.js';
import type { Delivery } from './stream-entry.js';
import type { Settings } from './streams-options.js';

export interface CommandHandler {
  readonly definition: CommandDefinition;
  readonly handler: MessageHandler;
}

interface Dependencies {
  readonly settings: Settings;
  /** By command type. */
  readonly handlers: ReadonlyMap<string, CommandHandler>;
  readonly streams: ServiceStreams;
  readonly committer: Committer;
  /** Redis' clock, in Unix milliseconds. */
  readonly now: () => Promise<number>;
  readonly call: CallHandler;
  readonly shutdown: AbortSignal;
  readonly logger: LoggerService;
}

/**
 * Takes one delivered command to its reply, which is stored together with the acknowledgement. Every end is a reply,
 * errors too: whether to try again is for the caller to decide, who has the retry table and the deadline.
 */
export class CommandHandling {
  constructor(private readonly dependencies: Dependencies) {}

  /** Rejects only when the entry must stay pending. */
  async handle(delivery: Delivery): Promise<EntryOutcome> {
    const { definition, handler } = this.#handlerOf(delivery);
    let command: Command;
    try {
      command = parseCommand(definition, delivery.fields);
    } catch (error) {
      return this.#bury(delivery, repliableId(delivery.fields['id']), asCascadeError(error));
    }
    const { service } = this.dependencies.settings;
    const { id, cascadeId } = command;
    const { type } = definition;
    const { traceparent } = delivery.fields;
    return inScope({ service, cascade: cascadeId, event: id, eventType: type, traceparent }, () =>
      processTraced({ service, delivery, event: { id, type, cascadeId, traceparent } }, () => this.#handle(delivery, { definition, handler }, command)));
  }

  async #handle(delivery: Delivery, { definition, handler }: CommandHandler, command: Command): Promise<EntryOutcome> {
    if (delivery.deliveries > this.dependencies.settings.maxDeliveries) {
      return this.#bury(delivery, command.id, terminal('CASC_DELIVERIES_EXHAUSTED', `${definition.type} was delivered ${delivery.deliveries} times and nobody finished it.`));
    }
    const reply = await this.#answer(definition, handler, command);
    return reply === 'left' ? 'left' : this.#commit(delivery, replyWrites(command.id, reply), 'done');
  }

  #handlerOf(delivery: Delivery): CommandHandler {
    return this.dependencies.handlers.get(this.dependencies.streams.originOf(delivery).type!)!;
  }

  async #answer(definition: CommandDefinition, handler: MessageHandler, command: Command): Promise<StoredReply | 'left'> {
    const { call: callHandler, shutdown, logger, now } = this.dependencies;
    const late = new Deadline(command.deadlineMs === undefined ? undefined : command.deadlineMs - await now(), () => commandTimeout(definition));
    const call: CommandCall = { cascadeId: command.cascadeId, key: command.key, signal: late.signalWith(shutdown) };
    try {
      late.throwIfPassed();
      return successReply(definition, await callHandler(handler, command.request, call));
    } catch (error) {
      if (shutdown.aborted) return 'left';
      currentSpan().fail(error);
      if (late.passed) return problemReply(commandTimeout(definition, error));
      if (!isCascadeError(error)) logger.error(`CASC_DEFECT while answering ${definition.type}: ${String(error)}`, error instanceof Error ? error.stack : undefined);
      return problemReply(asCascadeError(error));
    } finally {
      late.close();
    }
  }

  async #bury(delivery: Delivery, id: string | undefined, error: CascadeError): Promise<EntryOutcome> {
    const { settings, logger } = this.dependencies;
    logger.warn(`${error.code}: ${delivery.stream} ${delivery.id} goes to the dead letters of ${settings.service}: ${error.message}`);
    const letter = deadLetterWrite(settings.service, delivery, error.toProblem(), delivery.deliveries);
    return this.#commit(delivery, [letter, ...(id === undefined ? [] : replyWrites(id, problemReply(error)))], 'dead_lettered');
  }

  async #commit(delivery: Delivery, writes: readonly Write[], outcome: EntryOutcome): Promise<EntryOutcome> {
    const { settings, committer } = this.dependencies;
    const result = await committer.commit({ stream: delivery.stream, group: settings.service, id: delivery.id, writes });
    return result === 'committed' ? outcome : 'dropped';
  }
}

/** An id from outside becomes part of a key: one that no client of ours can have made gets no reply. */
function repliableId(id: string | undefined): string | undefined {
  return id === undefined || id === '' || id.length > MAX_ID_CHARACTERS ? undefined : id;
}
