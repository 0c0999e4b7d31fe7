import { knownSecrets } from './known-secrets.js';

/** What stands where a secret was. */
export const REDACTED = '[redacted]';

/** Forms by which a secret is known that nobody told us: what to replace, and by what. Each is linear and bounded. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|casc_[\w-]{20,}|AKIA[A-Z0-9]{16})/g, REDACTED],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g, REDACTED],
  [/\b(Bearer|Basic|token)\s+(?=[^\s"',;]{0,200}[\d=._~+/-])[\w.~+/=-]{12,}/gi, `$1 ${REDACTED}`],
  [/(:\/\/)[^/\s:@"'<>]{0,200}:[^/\s@"'<>]{0,1000}@/g, `$1${REDACTED}@`],
  [/(https?:\/\/)[^/\s:@"'<>]{1,1000}@/g, `$1${REDACTED}@`],
];

/**
 * `text` without any secret: neither a value that this process knows (`Secret`, `knowSecretsOf`), in whatever form it got
 * there, nor anything that looks like one. Everything that leaves a process as a log line, a span or an error goes through it.
 */
export function redact(text: string): string {
  let clean = text.replace(knownSecrets(), REDACTED);
  for (const [shape, by] of shapes) clean = clean.replace(shape, by);
  return clean;
}
