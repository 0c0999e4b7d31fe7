import { types } from 'node:util';
import { boundedText } from '../bounded-text.js';

/** How deep, and how many entries and characters of what somebody logs are kept. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 50;
const MAX_CHARACTERS = 2_000;
/** Values of one record in all. */
const MAX_VALUES = 500;

export interface PlainError {
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: PlainError;
}

const MAX_STACK = 8_000;
const MAX_CAUSES = 3;

/** An error as a record has it. */
export function plainError(error: Error, depth = 0): PlainError {
  const { code } = error as { code?: unknown };
  return {
    ...(typeof code === 'string' ? { code: boundedText(code, 100) } : {}),
    message: boundedText(String(error.message), MAX_CHARACTERS),
    ...(typeof error.stack === 'string' ? { stack: boundedText(error.stack, MAX_STACK) } : {}),
    ...(types.isNativeError(error.cause) && depth < MAX_CAUSES ? { cause: plainError(error.cause, depth + 1) } : {}),
  };
}

/** Anything as JSON can hold it: bounded, without secrets, whatever is nested in it. */
export function plainValue(value: unknown): unknown {
  let left = MAX_VALUES;
  const seen = new Set<object>();
  const plain = (one: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof one === 'string') return boundedText(one, MAX_CHARACTERS);
    if (typeof one === 'number' || typeof one === 'boolean' || one === null || one === undefined) return one;
    if (typeof one !== 'object') return typeof one === 'bigint' ? String(one) : `(${typeof one})`;
    if (types.isNativeError(one)) return plainError(one);
    if (seen.has(one) || depth >= MAX_DEPTH || left <= 0) return '…';
    seen.add(one);
    try {
      return plainObject(one, (next) => plain(next, depth + 1));
    } catch {
      return '(cannot be read)'; // a getter that throws must not cost the line
    } finally {
      seen.delete(one);
    }
  };
  return plain(value, 0);
}

function plainObject(one: object, plain: (value: unknown) => unknown): unknown {
  if (ArrayBuffer.isView(one)) return `(${one.byteLength} bytes)`;
  const { toJSON } = one as { toJSON?: unknown };
  if (typeof toJSON === 'function') return plain((toJSON as () => unknown).call(one));
  if (Array.isArray(one) || one instanceof Set) return [...one].slice(0, MAX_ENTRIES).map(plain);
  const entries = one instanceof Map ? [...one.entries()] : Object.entries(one);
  return Object.fromEntries(entries.slice(0, MAX_ENTRIES).map(([name, value]) => [boundedText(String(name), 200), plain(value)]));
}
