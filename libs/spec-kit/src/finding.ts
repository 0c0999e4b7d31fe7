import { terminal, type CascadeError } from '@cascade/contracts';

/** One thing that is wrong with a document or a task list. */
export interface Finding {
  /** Stable, e.g. `TASK_TEST_MISSING`; documented where the rule is. */
  readonly code: string;
  readonly message: string;
  /** File or task that it is about, e.g. `spec.md` or `T004`. */
  readonly path?: string;
}

export const finding = (code: string, message: string, path?: string): Finding => ({ code, message, ...(path === undefined ? {} : { path }) });

/** A finding as one line: what a person or a model reads. */
export const describeFinding = (item: Finding): string => `${item.code}${item.path === undefined ? '' : ` ${item.path}`}: ${item.message}`;

/** How many findings an error carries; the rest is counted in its last line. */
const MAX_FINDINGS = 50;

/** `CASC_SPEC_INVALID` (terminal): a feature folder, or a part of it, does not hold to its grammar or its rules. */
export function specInvalid(what: string, findings: readonly Finding[]): CascadeError {
  const shown = findings.slice(0, MAX_FINDINGS).map(describeFinding);
  const more = findings.length > MAX_FINDINGS ? [`… and ${findings.length - MAX_FINDINGS} more`] : [];
  return terminal('CASC_SPEC_INVALID', `${what} is not valid: ${findings.length} finding${findings.length === 1 ? '' : 's'}.`, {
    advice: 'Read the findings; a document changed by hand has to keep the headings and line forms of Spec Kit.',
    findings: [...shown, ...more],
  });
}
