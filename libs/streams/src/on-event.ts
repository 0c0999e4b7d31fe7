import { UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventDefinition, EventOf, Outcome, Run } from '@cascade/messages';
import { KeepErrorsFilter } from './keep-errors.filter.js';
import { transportId } from './transport-id.js';

/** What `@OnEvent` and `@OnCommand` leave beside a handler for the server to find. */
export interface HandlerExtras<Definition> {
  readonly definition: Definition;
}

/**
 * Marks the method that handles one type of event: `(event, run) => Promise<Outcome>`.
 *
 * Generic in the method because a property descriptor is invariant: a handler that declares `event` only, or a narrower
 * run, still fits. Nest's own `@EventPattern` types the second parameter as `unknown` and refuses such handlers.
 */
export function OnEvent<D extends EventDefinition>(definition: D) {
  return <Handler extends (event: EventOf<D>, run: Run) => Promise<Outcome>>(
    target: object, method: string | symbol, descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    const extras: HandlerExtras<D> = { definition };
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
    UseFilters(KeepErrorsFilter)(target, method, descriptor);
    EventPattern<string>(definition.type, transportId, extras)(target, method, descriptor);
  };
}
