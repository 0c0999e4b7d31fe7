/** GitHub's times are to the second, clocks differ, and its lists lag: the last stretch is looked at once more. */
export const OVERLAP_MS = 2 * 60_000;
