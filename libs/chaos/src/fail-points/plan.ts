/** One instant at which a process can die. */
export interface Point {
  /** Of the instruction, see instruction-names.ts. */
  readonly instruction: string;
  /** Before it is sent, or after its answer has come and before anybody has seen it. */
  readonly side: 'before' | 'after';
}

/** A point, and at which of its occurrences in the life of a process. */
export interface Trap extends Point {
  readonly occurrence: number;
}

/** What a preloaded process is told by `CASCADE_CHAOS_PLAN`, as JSON. */
export interface Plan {
  /** It dies at whichever comes first. */
  readonly traps: readonly Trap[];
  /** File to which it appends a line as it dies: the point. Also the census, when `count` is set. */
  readonly report: string;
  /** Counts the instructions instead: appends a line for each. */
  readonly count: boolean;
  /** Folders with Lua scripts, for their names. */
  readonly scripts: readonly string[];
}

export const PLAN_VARIABLE = 'CASCADE_CHAOS_PLAN';

export const pointName = ({ instruction, side }: Point): string => `${side} ${instruction}`;
