import { isCascadeError, type CascadeError, type ErrorCode } from '@cascade/contracts';

/** Whether `error` is one of these. */
export const hasCode = (error: unknown, codes: readonly ErrorCode[]): error is CascadeError => isCascadeError(error) && codes.includes((error as CascadeError).code);

/** What `work` gives; undefined when it throws one of `codes`. */
export async function orUndefined<T>(codes: readonly ErrorCode[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, codes)) return undefined;
    throw error;
  }
}
