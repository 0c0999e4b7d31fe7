import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { streamKeys, type EventDefinition } from '@cascade/contracts';
import type { ServiceDefinition } from '@cascade/service-host';

/** The streams that a service's group reads as soon as it runs: those of the events that its handlers are marked for, and its retries. */
export function consumedStreams({ name, module }: ServiceDefinition): readonly string[] {
  const events = [...new Set(controllersOf(module).flatMap(handledEvents))].sort((a, b) => a.localeCompare(b));
  return events.length === 0 ? [] : [...events.map((type) => streamKeys.stream(type)), streamKeys.retries(name)];
}

function controllersOf(module: Type | DynamicModule): readonly Type[] {
  const type = 'module' in module ? module.module : module;
  const listed = <T>(key: string): readonly T[] => [...(Reflect.getMetadata(key, type) as readonly T[] | undefined) ?? [], ...('module' in module ? (module as unknown as Record<string, readonly T[] | undefined>)[key] ?? [] : [])];
  return [...listed<Type>('controllers'), ...listed<Type | DynamicModule>('imports').flatMap(controllersOf)];
}

function handledEvents(controller: Type): readonly string[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const handler = prototype[method];
    if (typeof handler !== 'function') return [];
    const definitions = Reflect.getMetadataKeys(handler).map((key) => (Reflect.getMetadata(key, handler) as { definition?: EventDefinition } | undefined)?.definition);
    return definitions.filter((definition) => definition?.kind === 'event').map((definition) => definition!.type);
  });
}
