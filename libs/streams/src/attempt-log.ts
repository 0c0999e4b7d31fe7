import type { CascadeError, EntryFields } from '@cascade/messages';
import { z } from 'zod';

/** One handling of an event that failed. */
export interface Attempt {
  /** RFC 3339. */
  readonly time: string;
  readonly code: string;
  readonly message: string;
}

/** Attempts that are kept of one event (the first one and the newest), and characters of each message. */
export const MAX_ATTEMPTS_KEPT = 20;
const MAX_MESSAGE_CHARACTERS = 500;

/** CloudEvents extension attribute: the attempts so far, as JSON. Only entries of `retries:<service>` have it. */
export const ATTEMPTS = 'cascadeattempts';

const log = z.array(z.object({ time: z.string().max(40), code: z.string().max(100), message: z.string().max(MAX_MESSAGE_CHARACTERS) })).max(MAX_ATTEMPTS_KEPT);

/** What an entry says of its attempts; nothing when somebody else wrote it in another form. */
export function attemptsOf(text: string | undefined): readonly Attempt[] {
  if (text === undefined || text.length > MAX_ATTEMPTS_KEPT * 2 * MAX_MESSAGE_CHARACTERS) return [];
  try {
    return log.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

export function withAttempt(attempts: readonly Attempt[], { code, message }: CascadeError, at: number): readonly Attempt[] {
  const newest = [...attempts, { time: new Date(at).toISOString(), code, message: message.slice(0, MAX_MESSAGE_CHARACTERS) }];
  return newest.length <= MAX_ATTEMPTS_KEPT ? newest : [newest[0]!, ...newest.slice(1 - MAX_ATTEMPTS_KEPT)];
}

export const attemptsField = (attempts: readonly Attempt[]): EntryFields =>
  (attempts.length === 0 ? {} : { [ATTEMPTS]: JSON.stringify(attempts) });
