import type { EntryFields } from '@cascade/messages';

/** One entry as this consumer got it. */
export interface Delivery {
  readonly stream: string;
  readonly id: string;
  readonly fields: EntryFields;
  /** How often the group delivered it, this time included. */
  readonly deliveries: number;
}

/**
 * `[name, value, name, value]`, as Redis answers, as a record without a prototype: names of fields come from outside.
 * Values are strings, but for the numbers in answers of XINFO.
 */
export function fieldsOf<Value = string>(flat: readonly (string | Value)[]): Readonly<Record<string, Value>> {
  const fields = Object.create(null) as Record<string, Value>;
  for (let index = 0; index + 1 < flat.length; index += 2) fields[flat[index] as string] = flat[index + 1] as Value;
  return fields;
}

export function flatten(fields: EntryFields): string[] {
  const flat: string[] = [];
  for (const field of Object.keys(fields)) flat.push(field, fields[field]!);
  return flat;
}
