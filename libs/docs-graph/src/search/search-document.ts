import { z } from 'zod';

/** What is searched: one document per definition or section. */
export const searchDocument = z.object({
  name: z.string(),
  /** The class or the headings above. */
  parent: z.string(),
  docs: z.string(),
  path: z.string(),
  /** What it is made of: the words of a function's body, the fields of a class. */
  body: z.string(),
});
export type SearchDocument = z.output<typeof searchDocument>;

export interface SearchField {
  readonly weight: number;
  /** Terms that such a field has on average; in one that is longer, each counts less. */
  readonly usualLength: number;
  /** How much of a term's weight depends on the length, from 0 to 1. */
  readonly lengthShare: number;
}

/**
 * How much a term counts in each field: names most, because they are chosen to be found. Chosen on the benchmark's questions
 * (`npm run bench -- docs`), together; words of the body bring the most of it. The usual lengths are those of 33 public packages
 * and stay what they are whatever is indexed, so that a document's weights never have to be computed again.
 */
export const searchFields: Readonly<Record<keyof SearchDocument, SearchField>> = {
  name: { weight: 8, usualLength: 3, lengthShare: 0.75 },
  parent: { weight: 3, usualLength: 2, lengthShare: 0.5 },
  docs: { weight: 1.25, usualLength: 15, lengthShare: 0.75 },
  path: { weight: 1, usualLength: 6, lengthShare: 0.5 },
  body: { weight: 1, usualLength: 20, lengthShare: 0.75 },
};

export const searchFieldNames = searchDocument.keyof().options;

/** What one place of a term in a field of so many terms counts. */
export const placeWeight = ({ weight, usualLength, lengthShare }: SearchField, length: number): number =>
  weight / (1 - lengthShare + lengthShare * (length / usualLength));
