import { z } from 'zod';

/** What is searched: one document per definition or section. */
export const searchDocument = z.object({
  name: z.string(),
  /** The class or the headings above. */
  parent: z.string(),
  docs: z.string(),
  parameters: z.string(),
  path: z.string(),
});
export type SearchDocument = z.output<typeof searchDocument>;

/**
 * How much a term counts in each field. Names weigh more because they are chosen to be found; measured on 800 automatic
 * queries the fields gave a small, certain gain, and what else was tried (popularity, synonyms, coordination) none.
 */
export const fieldWeights: Readonly<Record<keyof SearchDocument, number>> = { name: 3, parent: 1, docs: 1, parameters: 1, path: 1 };

export const searchFields = searchDocument.keyof().options;
