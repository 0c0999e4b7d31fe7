/** Every way in which a request can end, with the status that it is answered with. */
export const outcomes = {
  /** Published. */
  accepted: 202,
  /** Published before: without effect. */
  repeated: 202,
  /** Signed, and nothing that Cascade does anything about. */
  unknown_event: 204,
  malformed: 400,
  unsigned: 401,
  forged: 401,
  not_found: 404,
  timed_out: 408,
  too_large: 413,
  headers_too_large: 431,
  /** A defect of ours. */
  failed: 500,
  /** Redis is away or the store is full: GitHub shows the failure, and the delivery is asked for again. */
  unavailable: 503,
  /** The sender went away before its request was whole: answered with nothing. */
  aborted: 0,
  /** There were too many connections: answered with nothing. */
  refused: 0,
} as const satisfies Record<string, number>;

export type Outcome = keyof typeof outcomes;
