import type { Expectation, Outcome, Publication, StateWrite } from '@cascade/messages';

/** What a handler returns; everything is optional because most outcomes only publish or only save. */
export function outcome(parts: { readonly save?: readonly StateWrite[]; readonly publish?: readonly Publication[]; readonly expect?: Expectation }): Outcome {
  return { save: parts.save ?? [], publish: parts.publish ?? [], ...(parts.expect === undefined ? {} : { expect: parts.expect }) };
}

/** The event is done and changes nothing. */
export function nothing(): Outcome {
  return { save: [], publish: [] };
}
