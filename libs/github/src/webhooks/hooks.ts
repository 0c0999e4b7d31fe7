import { z } from 'zod';
import { isCascadeError, type Secret } from '@cascade/contracts';
import type { GitHubClient } from '../tracker/github-client.js';
import type { TrackerRepository } from '../tracker/issue-tracker.js';
import { hookEvents } from './delivery.js';

export const hookAnswer = z.object({ id: z.number().int().positive(), active: z.boolean().optional(), config: z.object({ url: z.string().optional() }) });

/** Where a hook sends, and what it signs with. */
export interface HookTarget {
  readonly url: string;
  readonly secret: Secret;
}

export interface MadeHook {
  readonly id: number;
  readonly isNew: boolean;
}

/**
 * Makes the repository's hook to `url`, or gives the one that is there today's events and secret: GitHub answers 422 where
 * there is one. Throws what `IssueTracker` names; `CASC_GITHUB_INVALID` when GitHub refuses the address.
 */
export async function ensureHook(client: GitHubClient, { owner, name: repo }: TrackerRepository, { url, secret }: HookTarget, signal?: AbortSignal): Promise<MadeHook> {
  const wanted = { config: { url, content_type: 'json', secret: secret.reveal(), insecure_ssl: '0' }, events: [...hookEvents], active: true };
  try {
    const { data } = await client.request('POST /repos/{owner}/{repo}/hooks', { owner, repo, name: 'web', ...wanted }, { answer: hookAnswer, signal });
    return { id: data.id, isNew: true };
  } catch (error) {
    if (!isCascadeError(error) || error.code !== 'CASC_GITHUB_INVALID') throw error;
    // A repository has 20 hooks for an event at most, and 100 fit on a page.
    const { data: hooks } = await client.request('GET /repos/{owner}/{repo}/hooks', { owner, repo, per_page: 100 }, { answer: z.array(hookAnswer), signal });
    const known = hooks.find(({ config }) => config.url === url);
    if (known === undefined) throw error;
    await client.request('PATCH /repos/{owner}/{repo}/hooks/{hook_id}', { owner, repo, hook_id: known.id, ...wanted }, { answer: hookAnswer, signal });
    return { id: known.id, isNew: false };
  }
}
