import { priorities, streamKeys, type Priority } from '@cascade/messages';
import type { Delivery } from './stream-entry.js';

/** The lane whose streams and groups every service makes when it starts; the others come into being with their first entry. */
export const USUAL_LANE = priorities.indexOf('NORMAL');

/** What a stream says of its entries. */
export interface StreamOrigin {
  /** The type of event or command; undefined for retries, whose entries name it. */
  readonly type: string | undefined;
  /** Of entries that name none. */
  readonly priority: Priority;
  /** The same stream in the usual lane; the stream itself when it is that. */
  readonly usual: string;
}

/** All streams of one service, in every lane: those of its events and its retries, and those of its commands. */
export class ServiceStreams {
  readonly #origins = new Map<string, StreamOrigin>();
  /** Lane by lane, from the highest. */
  readonly eventLanes: readonly (readonly string[])[];
  /** The same for commands: each travels in its cascade's lane. */
  readonly commandLanes: readonly (readonly string[])[];

  constructor(service: string, eventTypes: readonly string[], commandTypes: readonly string[]) {
    const sources = eventTypes.length === 0 ? [] : [...eventTypes, undefined];
    const key = (type: string | undefined, priority?: Priority): string => (type === undefined ? streamKeys.retries(service, priority) : streamKeys.stream(type, priority));
    this.eventLanes = priorities.map((priority) => sources.map((type) => this.#add(key(type, priority), { type, priority, usual: key(type) })));
    this.commandLanes = priorities.map((priority) => commandTypes.map((type) => this.#add(key(type, priority), { type, priority, usual: key(type) })));
  }

  get origins(): ReadonlyMap<string, StreamOrigin> {
    return this.#origins;
  }

  originOf({ stream }: Pick<Delivery, 'stream'>): StreamOrigin {
    return this.#origins.get(stream)!;
  }

  #add(stream: string, origin: StreamOrigin): string {
    this.#origins.set(stream, origin);
    return stream;
  }
}
