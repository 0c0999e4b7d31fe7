import { redact } from '@cascade/messages';

/** So much more is searched for secrets than is kept: what a cut leaves of one lies beyond. */
const SEARCHED = 4;

/** At most `max` characters of a text, without secrets. */
export function boundedText(text: string, max: number): string {
  return text.length <= max ? redact(text) : `${redact(text.slice(0, SEARCHED * max)).slice(0, max - 1)}…`;
}
