import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseWorkItemKey, redisKeys, sha } from '@cascade/contracts';
import { Approvals } from './approvals.js';
import type { CascadeRecord } from './cascade-record.js';
import { readColumns } from './read-columns.js';

/** Steps in which tiers commit their documents, newest tier first; their names are fixed by the journals that hold them. */
const commitSteps = ['programs/commit', 'specs/commit', 'stories/commit documents'] as const;
const committed = z.object({ value: z.object({ sha }) });
const merged = z.object({ value: z.object({ tip: sha, candidate: sha.optional() }) });
const opened = z.object({ value: z.object({ repositoryId: z.string(), baseSha: sha }) });

/** Where a cascade's artefacts can be read now: a commit of Cascade's own copy of the repository. */
export interface ArtefactPlace {
  readonly repositoryId: string;
  readonly commit: string;
  /** Where the cascade began. */
  readonly base: string;
}

/**
 * The newest commit that is known of a cascade: its result, else what was put up for approval after its documents, else
 * its documents. `wanted` names one of them, a task's or a merge's instead: a commit that is not the cascade's own is not read for it.
 * Undefined when there is none (yet).
 */
export async function artefactPlace(redis: Redis, record: CascadeRecord, wanted?: string): Promise<ArtefactPlace | undefined> {
  const [openedText, ...texts] = await redis.hmget(redisKeys.journal(record.id), `effect/git.repository/${record.repository}`, ...commitSteps);
  const repository = parsed(opened, openedText);
  if (repository === undefined) return undefined;
  const review = await new Approvals(redis).review(record.id);
  const documents = texts.flatMap((text) => parsed(committed, text)?.sha ?? []);
  // What is reviewed after the documents is the result; before that, it is one of them.
  const result = review === undefined || documents.includes(review.commit) ? [] : [review.commit];
  const known = [...(record.summary === undefined ? [] : [record.summary.commitSha]), ...result, ...documents];
  const commit = wanted ?? known[0];
  if (commit === undefined || (wanted !== undefined && ![...known, repository.baseSha].includes(wanted) && !await isOfItsWork(redis, record.id, wanted))) return undefined;
  return { repositoryId: repository.repositoryId, commit, base: repository.baseSha };
}

/** Few are of a merge alone, and reading those takes longest. */
async function isOfItsWork(redis: Redis, cascadeId: string, commit: string): Promise<boolean> {
  return (await taskCommits(redis, cascadeId)).includes(commit) || (await mergeCommits(redis, cascadeId)).includes(commit);
}

/** Commits of a cascade's tasks and of their merges, as far as they are known, the newest first. */
export async function workCommits(redis: Redis, cascadeId: string): Promise<string[]> {
  return [...await mergeCommits(redis, cascadeId), ...await taskCommits(redis, cascadeId)];
}

/** Commits of a cascade's tasks, the newest first; of all of them unless one is named. */
export async function taskCommits(redis: Redis, cascadeId: string, taskId?: string): Promise<string[]> {
  const keys = await redis.zrevrange(redisKeys.items(cascadeId), '0', '-1');
  const tasks = keys.filter((key) => {
    const item = parseWorkItemKey(key);
    return item?.kind === 'task' && (taskId === undefined || item.taskId === taskId);
  });
  const rows = await readColumns(redis, tasks, ['commit_sha']);
  return rows.flatMap(({ commit_sha: one }) => one ?? []).filter((one) => one !== '');
}

/** What the merge queue journalled: tips that it saw, and candidates that it made. */
async function mergeCommits(redis: Redis, cascadeId: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, entries] = await redis.hscan(redisKeys.journal(cascadeId), cursor, 'MATCH', 'merge/*/merge/*', 'COUNT', 1_000);
    cursor = next;
    found.push(...entries.flatMap((text, index) => (index % 2 === 0 ? [] : Object.values(parsed(merged, text) ?? {}))));
  } while (cursor !== '0');
  return found.toReversed();
}

function parsed<T>(schema: z.ZodType<{ value: T }>, text: string | null | undefined): T | undefined {
  const result = typeof text === 'string' ? schema.safeParse(JSON.parse(text)) : undefined;
  return result?.success === true ? result.data.value : undefined;
}
