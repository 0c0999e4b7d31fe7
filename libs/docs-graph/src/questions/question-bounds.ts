/** The usual estimate for English and code. */
export const charactersPerToken = 4;

/** What one question may cost, and how much one answer may say. */
export const questionBounds = {
  /** Symbols named in one list; others are counted. */
  listed: 200,
  /** Symbols named in each list of a description. */
  described: 50,
  /** Characters of all that one list names: ids and paths may be long, and an answer has to fit into one message. */
  listCharacters: 60_000,
  describedCharacters: 20_000,
  /** Characters of a symbol's name as asked for: more than any id has. */
  symbolCharacters: 8_000,
  signature: 1_000,
  summary: 300,
  documentation: 20_000,
  /** Places at which a symbol's text is parted into path and name. */
  hashes: 8,
  /** Calls between a symbol and what is reached from it. */
  depth: 6,
  /** When more was reached at the end of a depth, it does not go further. */
  reached: 100_000,
  /** Classes above a class. */
  bases: 50,
  /** Ids that an error names where a name is ambiguous. */
  candidates: 20,
  /** Names that an error proposes. */
  proposals: 10,
  /** Characters of a name that are compared with others. */
  comparedName: 50,
  /** Names that are compared with one that was not found. */
  comparedNames: 500_000,
  /** Symbols that a map considers, the most important first. */
  mapSymbols: 20_000,
  mapTokens: 20_000,
  /** Characters of one line of a map. */
  mapLine: 160,
} as const;
