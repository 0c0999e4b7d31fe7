import type { CypherValue } from './graph-store.js';

/** The engine's own ids of nodes and edges: other ones after the next rebuild. */
const internal = new Set(['_id', '_src', '_dst']);

/** A value as an engine gives it, as plain JSON: whole numbers of more than 64 bits as text, times in ISO form. */
export function cypherValue(value: unknown): CypherValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(cypherValue);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !internal.has(name)).map(([name, field]) => [name, cypherValue(field)]));
}
