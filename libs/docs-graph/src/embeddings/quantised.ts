import { retryable } from '@cascade/messages';
import { embeddingBounds } from './embedder.js';

/** A vector in one byte per number: a quarter of the memory, and the order of cosines hardly notices. */
export interface Quantised {
  readonly values: Int8Array;
  readonly length: number;
}

/** Throws CASC_EMBEDDINGS_INVALID for what is no vector: an endpoint's answer is as foreign as any other. */
export function quantised(vector: readonly number[]): Quantised {
  const whole = Array.isArray(vector) && vector.length > 0 && vector.length <= embeddingBounds.dimensions && vector.every((one) => Number.isFinite(one));
  if (!whole) throw retryable('CASC_EMBEDDINGS_INVALID', 'The embeddings\' endpoint answered something that is no vector.', { advice: 'Check the configured model.' });
  const largest = vector.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const values = Int8Array.from(vector, (one) => (largest === 0 ? 0 : Math.round(one / largest * 127)));
  return withLength(values);
}

export const withLength = (values: Int8Array): Quantised => ({ values, length: Math.sqrt(values.reduce((sum, one) => sum + one * one, 0)) });

/** 0 where the two cannot be compared. */
export function cosine(a: Quantised, b: Quantised): number {
  if (a.values.length !== b.values.length || a.length === 0 || b.length === 0) return 0;
  let product = 0;
  for (let at = 0; at < a.values.length; at += 1) product += (a.values[at] ?? 0) * (b.values[at] ?? 0);
  return product / (a.length * b.length);
}
