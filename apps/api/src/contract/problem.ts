import { z } from 'zod';

/** RFC 9457, with the stable code of docs/errors.md. */
export const problemDetails = z.object({
  type: z.string().describe('urn:cascade:problem:<code>'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /** Names the request in the log. */
  instance: z.string(),
  code: z.string().regex(/^CASC_[A-Z0-9_]+$/),
  advice: z.string().optional(),
  findings: z.array(z.string()).optional(),
});
export type ProblemDetails = z.output<typeof problemDetails>;

export const PROBLEM_TYPE = 'application/problem+json';
