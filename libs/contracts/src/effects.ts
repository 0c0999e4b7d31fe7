import { z } from 'zod';
import { terminal } from '@cascade/messages';
import { sha } from './project.js';

const repositoryId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/);
const key = z.string().min(1).max(300);

/** Name of a result branch in the user's repository. */
export const resultBranch = z.string().regex(/^cascade\/[a-z0-9-]+$/).max(200);

/**
 * What a cascade does outside its own keys, and what is needed to take it back: a closed union, because the records are
 * read from Redis when the cascade ends, and what they say is then done.
 *
 * A new kind (a comment in an issue tracker, say) is a member here and an entry in the supervisor's table of undos; the
 * compiler asks for the second when the first is there.
 */
export const effect = z.discriminatedUnion('kind', [
  /** An agent's record and its place in the list of live ones; the key is its id. */
  z.object({ kind: z.literal('agent'), key, undo: z.strictObject({}) }),
  /** The cascade's refs in the cache of a repository; the key is the repository as it was asked for. */
  z.object({ kind: z.literal('git.repository'), key: z.string().min(1).max(2000), undo: z.strictObject({}) }),
  /** A checkout; the key is the one it was opened with. */
  z.object({ kind: z.literal('git.workspace'), key, undo: z.strictObject({ repositoryId }) }),
  /** The result branch in the user's repository; the key is the name that was asked for. */
  z.object({ kind: z.literal('git.branch'), key: resultBranch, undo: z.strictObject({ repositoryId, commit: sha }) }),
  /** A push of an unfinished result; the key is `<branch>@<commit>`, because each push is to be taken back by its own commit. */
  z.object({ kind: z.literal('git.push'), key, undo: z.strictObject({ repositoryId, commit: sha, branch: resultBranch, remote: z.string().min(1).max(2000).optional() }) }),
  /** Whatever git left that no other record names; recorded by the clean-up itself, undone last. */
  z.object({ kind: z.literal('git.rest'), key: z.literal('all'), undo: z.strictObject({}) }),
]);
export type Effect = z.output<typeof effect>;
export type EffectKind = Effect['kind'];

/** The effect that `value` describes. Throws `CASC_EFFECT_INVALID` (terminal). */
export function parseEffect(value: unknown): Effect {
  const parsed = effect.safeParse(value);
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.slice(0, 20).map((issue) => `${issue.path.join('.') || 'effect'}: ${issue.message}`);
  throw terminal('CASC_EFFECT_INVALID', `An effect's record is not valid: ${findings.join('; ')}`, { findings });
}
