/**
 * Compares the model's own JSON with what BAML kept of it, and names every difference that means lost or altered
 * content. BAML drops list items, map entries and values that do not fit without any error; this makes that impossible
 * to miss. Keys are compared as they are, hence no `@alias` on fields in baml_src.
 *
 * Not a loss: a missing optional value (kept as null), `"3"` read as 3, another letter case of an enum's name.
 */
export function findLosses(raw: unknown, kept: unknown, path = 'answer'): readonly string[] {
  if (Array.isArray(kept)) return listLosses(raw, kept, path);
  if (isObject(kept)) return objectLosses(raw, kept, path);
  if (kept === null) return raw === null || raw === undefined ? [] : [`${path}: ${kindOf(raw)} is not accepted here; it does not fit the schema.`];
  return scalarLosses(raw, kept, path);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : `the ${typeof value} ${JSON.stringify(value).slice(0, 80)}`;
}

function listLosses(raw: unknown, kept: readonly unknown[], path: string): readonly string[] {
  if (!Array.isArray(raw)) return [`${path}: must be a list, but is ${raw === undefined ? 'missing' : kindOf(raw)}.`];
  if (raw.length === kept.length) return kept.flatMap((item, index) => findLosses(raw[index], item, `${path}[${index}]`));
  const lost = raw.length - kept.length;
  return [`${path}: ${lost} of ${raw.length} items do not fit the schema (a missing key, or a value that is not allowed); first difference at ${firstDifference(raw, kept, path)}.`];
}

/** The first item that cannot be what was kept in its place. */
function firstDifference(raw: readonly unknown[], kept: readonly unknown[], path: string): string {
  const index = raw.findIndex((item, at) => at >= kept.length || findLosses(item, kept[at]).length > 0);
  return `${path}[${Math.max(index, 0)}]`;
}

function objectLosses(raw: unknown, kept: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  if (!isObject(raw)) return [`${path}: must be an object, but is ${raw === undefined ? 'missing' : kindOf(raw)}.`];
  const known = Object.keys(kept);
  const unknown = Object.keys(raw).filter((key) => !Object.hasOwn(kept, key));
  return [
    ...unknown.map((key) => `${path}: the key "${key.slice(0, 100)}" is not known here or its value does not fit; known keys: ${known.slice(0, 40).join(', ')}.`),
    ...known.flatMap((key) => findLosses(Object.hasOwn(raw, key) ? raw[key] : undefined, kept[key], `${path}.${key}`)),
  ];
}

function scalarLosses(raw: unknown, kept: unknown, path: string): readonly string[] {
  if (raw === undefined || isObject(raw) || Array.isArray(raw)) return [`${path}: must be a ${typeof kept}, but is ${raw === undefined ? 'missing' : kindOf(raw)}.`];
  if (raw === kept || sameWord(raw, kept)) return [];
  return [`${path}: ${kindOf(raw)} is not accepted here; the nearest allowed value is ${JSON.stringify(kept).slice(0, 80)}.`];
}

/** `"must_have"` for MUST_HAVE, `"3"` for 3, `"true"` for true: the same word. `3.7` for 4 and prose are not. */
function sameWord(raw: unknown, kept: unknown): boolean {
  const word = (value: unknown): string => String(value).trim().toLowerCase().replace(/[\s_-]+/g, '_');
  return word(raw) === word(kept);
}
