import { redisKeys, type StateWrite } from '@cascade/contracts';
import { currentTraceparent } from '@cascade/telemetry';
import { isAsked, memberOf, type Matter } from './matters.js';

/** The queue that a matter waits in. */
export const queueOf = (matter: Matter): typeof redisKeys.githubDirty | typeof redisKeys.githubAsked => (isAsked(matter) ? redisKeys.githubAsked : redisKeys.githubDirty);

/** The write of an outcome that makes a matter due, `inMs` from now, and tells whoever takes it where it comes from. */
export function due(matter: Matter, inMs = 0): StateWrite {
  const [member, traceparent] = [memberOf(matter), currentTraceparent()];
  return { key: redisKeys.githubTraces, fields: traceparent === undefined ? {} : { [member]: traceparent }, scoreIn: { key: queueOf(matter), member, score: Date.now() + inMs } };
}
