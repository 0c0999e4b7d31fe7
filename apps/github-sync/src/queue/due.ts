import { redisKeys, type StateWrite } from '@cascade/contracts';
import { isAsked, memberOf, type Matter } from './matters.js';

/** The queue that a matter waits in. */
export const queueOf = (matter: Matter): typeof redisKeys.githubDirty | typeof redisKeys.githubAsked => (isAsked(matter) ? redisKeys.githubAsked : redisKeys.githubDirty);

/** The write of an outcome that makes a matter due, `inMs` from now. */
export function due(matter: Matter, inMs = 0): StateWrite {
  const key = queueOf(matter);
  return { key, fields: {}, scoreIn: { key, member: memberOf(matter), score: Date.now() + inMs } };
}
