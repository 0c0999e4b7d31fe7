import { isCascadeError } from '@cascade/contracts';

const refusals: ReadonlySet<string> = new Set(['CASC_GITHUB_UNAUTHORIZED', 'CASC_GITHUB_FORBIDDEN', 'CASC_GITHUB_NOT_FOUND', 'CASC_GITHUB_GONE', 'CASC_GITHUB_INVALID', 'CASC_GITHUB_LIMITED']);

/** GitHub said no, so what was asked for was certainly not created. After any other error it may be there. */
export const isRefusal = (error: unknown): boolean => isCascadeError(error) && refusals.has(error.code);
