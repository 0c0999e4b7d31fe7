import { streamKeys } from '@cascade/messages';

/** Every stream that events or commands of these types may be in; the only place that knows how types become streams. */
export function streamsOfTypes(types: readonly string[]): string[] {
  return types.map((type) => streamKeys.stream(type));
}

/** The streams from which a service reads what it handles again. */
export function retryStreamsOf(service: string): string[] {
  return [streamKeys.retries(service)];
}
