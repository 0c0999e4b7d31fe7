/** Of an operator's question in Cypher. */
export const cypherBounds = {
  textBytes: 100_000,
  parameters: 100,
  parameterBytes: 100_000,
  rows: 1_000,
  timeoutMs: 5_000,
  answerBytes: 1_000_000,
  /** Questions that wait for the one before. */
  waiting: 16,
  /** The process that answers has this buffer pool, and is ended when all its memory is more than `memoryBytes`. */
  bufferPoolBytes: 512 * 2 ** 20,
  memoryBytes: 1024 * 2 ** 20,
  lookAtMemoryMs: 20,
  /** After its time a question is interrupted; the process has this much longer to say so before it is ended. */
  graceMs: 250,
  /** An engine keeps every statement that it ever prepared. */
  questionsOfOneProcess: 500,
  /** A process that nobody asks is ended. */
  idleMs: 60_000,
} as const;
