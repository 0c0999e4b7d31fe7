import { priorities, streamKeys } from '@cascade/messages';

/** The lane of entries that name no priority comes first. */
export const lanes = ['NORMAL', ...priorities.filter((priority) => priority !== 'NORMAL')] as const;

/**
 * Every stream that events or commands of a type may be in, that of the usual lane first; the only place that knows how
 * types become streams. The others exist only after their first entry.
 */
export function streamsOfType(type: string): string[] {
  return lanes.map((priority) => streamKeys.stream(type, priority));
}

/** The streams from which a service reads what it handles again, in the order of `lanes`. */
export function retryStreamsOf(service: string): string[] {
  return lanes.map((priority) => streamKeys.retries(service, priority));
}
