import { toEntry, type CascadeEvent, type EntryFields } from '@cascade/messages';
import { referringEntry, type PayloadReference } from './claim-check.js';
import type { EventEntry } from './run-source.js';
import type { Delivery } from './stream-entry.js';

/** Where an event was read from. Its fields are made when somebody asks: only an event that is not simply handled needs them. */
export class ReadEntry implements EventEntry {
  readonly stream: string;
  readonly id: string;

  constructor({ stream, id }: Delivery, private readonly event: CascadeEvent, private readonly reference?: PayloadReference) {
    this.stream = stream;
    this.id = id;
  }

  get fields(): EntryFields {
    return this.reference === undefined ? toEntry(this.event) : referringEntry(this.event, this.reference);
  }
}
