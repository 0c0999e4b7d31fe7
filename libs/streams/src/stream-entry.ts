import type { EntryFields } from '@cascade/messages';

/** One entry as this consumer got it. */
export interface Delivery {
  readonly stream: string;
  readonly id: string;
  readonly fields: EntryFields;
  /** How often the group delivered it, this time included. */
  readonly deliveries: number;
}

/** Nothing is inherited. Records of `Object.create(null)` are hash tables, which cost several times as much. */
const Bare = function Bare() { /* empty */ } as unknown as new () => object;
Bare.prototype = Object.create(null);

/**
 * `[name, value, name, value]`, as Redis answers, as a record that inherits nothing: names of fields come from outside.
 * Values are strings, but for the numbers in answers of XINFO.
 */
export function fieldsOf<Value = string>(flat: readonly (string | Value)[]): Readonly<Record<string, Value>> {
  const fields = new Bare() as Record<string, Value>;
  for (let index = 0; index + 1 < flat.length; index += 2) fields[flat[index] as string] = flat[index + 1] as Value;
  return fields;
}

export function flatten(fields: EntryFields): string[] {
  const flat: string[] = [];
  for (const field of Object.keys(fields)) flat.push(field, fields[field]!);
  return flat;
}
