import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from './byte-budget.js';

export type Body =
  /** `release` it when nothing refers to its bytes any more. */
  | { readonly kind: 'whole'; readonly bytes: Buffer; readonly release: () => void }
  /** It is longer than `maxBytes`, by what it says or by what came. */
  | { readonly kind: 'too_large' }
  /** Others hold so many bytes that there is no room for it. */
  | { readonly kind: 'no_room' }
  /** The sender went away, or was too slow. */
  | { readonly kind: 'aborted' };

/**
 * Reads a request's body, never holding more than `maxBytes` of it, nor more than the budget allows. What is not wanted
 * is read and thrown away as it comes, for as long as a request may take: who still sends would not see an answer in front
 * of a connection that is cut.
 */
export function readBody(request: IncomingMessage, maxBytes: number, budget: ByteBudget): Promise<Body> {
  const { promise, resolve } = Promise.withResolvers<Body>();
  const chunks: Buffer[] = [];
  let held = 0;
  let isOver = false;
  const end = (body: Body): void => {
    if (isOver) return;
    isOver = true;
    if (body.kind !== 'whole') budget.give(held);
    resolve(body);
  };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) end({ kind: 'too_large' });
  request.on('data', (chunk: Buffer) => {
    if (isOver) return;
    if (held + chunk.length > maxBytes) return end({ kind: 'too_large' });
    if (!budget.take(chunk.length)) return end({ kind: 'no_room' });
    held += chunk.length;
    chunks.push(chunk);
  });
  request.on('end', () => end({ kind: 'whole', bytes: Buffer.concat(chunks, held), release: () => budget.give(held) }));
  request.on('close', () => end({ kind: 'aborted' }));
  request.on('error', () => end({ kind: 'aborted' }));
  return promise;
}
