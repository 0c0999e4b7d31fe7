import { createHash } from 'node:crypto';
import { terminal, type Program } from '@cascade/contracts';

/**
 * JSON text that is the same for equal values: keys sorted by code unit, no white space, `undefined` members left out
 * (the idea of RFC 8785). Throws `CASC_NOT_JSON` for what JSON cannot hold, so that nothing is silently dropped.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw terminal('CASC_NOT_JSON', `A value of type ${typeof value} has no canonical JSON form.`);
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The identity of a program: two programs with the same hash are the same program, whatever order their keys came in. */
export function programHash(program: Program): string {
  return sha256(canonicalJson(program));
}
