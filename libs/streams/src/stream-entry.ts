import type { EntryFields } from '@cascade/messages';

/** One entry as this consumer got it. */
export interface Delivery {
  readonly stream: string;
  readonly id: string;
  readonly fields: EntryFields;
  /** How often the group delivered it, this time included. */
  readonly deliveries: number;
}

/** `[field, value, field, value]`, as Redis answers, as a record without a prototype: field names come from outside. */
export function fieldsOf(flat: readonly string[]): EntryFields {
  const fields = Object.create(null) as Record<string, string>;
  for (let index = 0; index + 1 < flat.length; index += 2) fields[flat[index]!] = flat[index + 1]!;
  return fields;
}

export function flatten(fields: EntryFields): string[] {
  const flat: string[] = [];
  for (const field of Object.keys(fields)) flat.push(field, fields[field]!);
  return flat;
}
