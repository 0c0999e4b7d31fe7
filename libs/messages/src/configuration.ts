import type { z } from 'zod';
import { terminal, type CascadeError } from './errors.js';

/** `findings` name the wrong variables and show no value. */
export const configurationInvalid = (findings: readonly string[]): CascadeError =>
  terminal('CASC_CONFIGURATION_INVALID', `The environment is not valid: ${findings.join('; ')}`, { findings });

/** What a schema makes of the environment. Throws `CASC_CONFIGURATION_INVALID` (terminal) that names every wrong variable. */
export function parseEnvironment<T>(schema: z.ZodType<T>, env: Readonly<Record<string, string | undefined>>): T {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw configurationInvalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  return parsed.data;
}
