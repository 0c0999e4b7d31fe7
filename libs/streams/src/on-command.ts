import { UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { CommandDefinition, ReplyOf, RequestOf } from '@cascade/messages';
import { KeepErrorsFilter } from './keep-errors.filter.js';
import type { HandlerExtras } from './on-event.js';
import { transportId } from './transport-id.js';

/** The circumstances of one command. */
export interface CommandCall {
  readonly cascadeId: string;
  /** Unique for the cascade: the same key is the same piece of work, also after a crash. */
  readonly key: string;
  /** Aborts when the process has to stop, and the command is then given to another instance; or when its deadline has passed. */
  readonly signal: AbortSignal;
}

/** Marks the method that answers one type of command: `(request, call) => Promise<Reply>`. Errors become the reply too. */
export function OnCommand<D extends CommandDefinition>(definition: D) {
  return <Handler extends (request: RequestOf<D>, call: CommandCall) => Promise<ReplyOf<D>>>(
    target: object, method: string | symbol, descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    const extras: HandlerExtras<D> = { definition };
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
    UseFilters(KeepErrorsFilter)(target, method, descriptor);
    MessagePattern<string>(definition.type, transportId, extras)(target, method, descriptor);
  };
}
