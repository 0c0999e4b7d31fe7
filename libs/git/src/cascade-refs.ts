import { createHash } from 'node:crypto';
import { retryable, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';

/** A cascade's id as one part of a ref name: itself where it is harmless, its hash otherwise. */
export function refSegment(cascadeId: string): string {
  return /^[a-z0-9][a-z0-9-]{0,99}$/.test(cascadeId) ? cascadeId : `x-${createHash('sha256').update(cascadeId).digest('hex')}`;
}

export const cascadeRefs = (cascadeId: string): string => `refs/cascade/${refSegment(cascadeId)}`;
export const baseRef = (cascadeId: string): string => `${cascadeRefs(cascadeId)}/base`;
export const integrationRef = (cascadeId: string): string => `${cascadeRefs(cascadeId)}/integration`;
export const taskRef = (cascadeId: string, workspaceId: string): string => `${cascadeRefs(cascadeId)}/tasks/${workspaceId}`;
export const branchRef = (cascadeId: string, branch: string): string => `${cascadeRefs(cascadeId)}/branches/${branch}`;

/**
 * Moves a ref from `from` to `to`, if it is still at `from`; undefined stands for a ref that must not exist.
 * False when somebody else moved it.
 */
export async function moveRef(repository: CachedRepository, ref: string, to: string, from: string | undefined, reason: string, signal?: AbortSignal): Promise<boolean> {
  const answer = await repository.git(['update-ref', '-m', `cascade: ${reason}`, ref, to, from ?? '0'.repeat(to.length)], { accept: [1, 128], signal });
  if (answer.code === 0) return true;
  if (/but expected|reference already exists|unable to resolve reference/i.test(answer.stderr)) return false;
  throw retryable('CASC_GIT_FAILED', `The ref of the ${reason} could not be moved.`, { findings: [answer.stderr.trim().slice(0, 300)] });
}

/**
 * Opens a cascade's refs at `tip`, both or none. Opened before: they stay where they are.
 * @returns the commit that the cascade started from
 */
export async function openCascadeRefs(repository: CachedRepository, cascadeId: string, tip: string, signal?: AbortSignal): Promise<string> {
  const before = await repository.readRef(baseRef(cascadeId), signal);
  if (before !== undefined) return before;
  const input = `start\ncreate ${baseRef(cascadeId)} ${tip}\ncreate ${integrationRef(cascadeId)} ${tip}\nprepare\ncommit\n`;
  const answer = await repository.git(['update-ref', '--stdin'], { input, accept: [1, 128], signal });
  if (answer.code === 0) return tip;
  const base = await repository.readRef(baseRef(cascadeId), signal);
  if (base === undefined) throw retryable('CASC_GIT_FAILED', 'The integration branch could not be opened.', { findings: [answer.stderr.trim().slice(0, 300)] });
  return base;
}

/** The integration branch's commit. Throws `CASC_CASCADE_NOT_OPEN`. */
export async function integrationTip(repository: CachedRepository, cascadeId: string, signal?: AbortSignal): Promise<string> {
  const tip = await repository.readRef(integrationRef(cascadeId), signal);
  if (tip === undefined) throw terminal('CASC_CASCADE_NOT_OPEN', 'The cascade has no integration branch in this repository.', { advice: 'It was cleaned up, or the cache was deleted (CASCADE_CACHE).' });
  return tip;
}

/** Removes every ref of a cascade at once; gives their number. */
export async function removeCascadeRefs(repository: CachedRepository, cascadeId: string, signal?: AbortSignal): Promise<number> {
  const { text } = await repository.git(['for-each-ref', '--format=%(refname)', `${cascadeRefs(cascadeId)}/`], { signal });
  const refs = text.split('\n').filter((line) => line !== '');
  if (refs.length > 0) await repository.git(['update-ref', '--stdin'], { input: `start\n${refs.map((ref) => `delete ${ref}\n`).join('')}prepare\ncommit\n`, signal });
  return refs.length;
}
