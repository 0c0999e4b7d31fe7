/** Patience is not what these tests are about. */
export const quickTimes = { lookForMs: 0, retryMs: [1, 1, 10, 10, 100, 100, 100, 100], gatherMs: 0 } as const;
