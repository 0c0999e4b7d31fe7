/** What one document and one question may cost. */
export const searchBounds = {
  /** Characters; more is refused, because nobody types it and a cut question asks something else. */
  queryCharacters: 2_000,
  /** Different terms of a question; refused beyond. */
  queryTokens: 64,
  /** Other forms of one term that are looked for with it. */
  otherForms: 15,
  /** Answers to one question. */
  answers: 200,
  /** Terms per field that are indexed: what stands further down a long text says little about it. */
  fieldTokens: 2_000,
  /** Part of the index that may belong to removed documents before it is rebuilt. */
  deadShare: 0.3,
} as const;
