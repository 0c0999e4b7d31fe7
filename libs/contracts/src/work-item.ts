import { buildWorkItemKey, type WorkItemKey } from './work-item-key.js';
import { redisKeys } from './redis-keys.js';
import { publication, type Publication, type StateWrite } from '@cascade/messages';
import { workItemChanged } from './cascade-events.js';

export interface WorkItem {
  readonly key: WorkItemKey;
  readonly status: string;
  readonly title: string;
  /** Path of its document in the result branch. */
  readonly documentPath: string;
  /** The whole typed item; consumers parse it with its schema. */
  readonly document: unknown;
  readonly cascadeId: string;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  /** Further public columns, e.g. `risk_score`. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Column names of the parts of a key, as github-sync and users read them. */
const columnOf: Readonly<Record<string, string>> = {
  repo: 'repo_name', branch: 'branch_name', epicId: 'epic_id', epicName: 'epic_name', storyId: 'story_id', storyName: 'story_name', taskId: 'task_id', id: 'assessment_id', name: 'assessment_name',
};

/** The hash that stands for a work item, listed in `repo-keys` and among those of its cascade. */
export function workItemWrite(item: WorkItem): StateWrite {
  const parts = Object.entries(item.key).flatMap(([name, value]) => (columnOf[name] === undefined ? [] : [[columnOf[name], value] as const]));
  const key = buildWorkItemKey(item.key);
  return {
    key,
    indexIn: redisKeys.workItems,
    scoreIn: { key: redisKeys.items(item.cascadeId), member: key, score: item.modifiedAt },
    fields: {
      ...item.columns,
      ...Object.fromEntries(parts),
      kind: item.key.kind,
      title: item.title,
      status: item.status,
      document_path: item.documentPath,
      document: JSON.stringify(item.document),
      cascade_id: item.cascadeId,
      datetime_utc_row_last_modified: new Date(item.modifiedAt).toISOString(),
    },
  };
}

/**
 * `work_item.changed` for each of these writes that saves a work item: what an outcome that saves them publishes, after
 * everything else, because an event's id hangs on its place among what is published.
 */
export function workItemEvents(writes: readonly StateWrite[]): Publication[] {
  return writes.filter((write) => write.indexIn === redisKeys.workItems)
    .map(({ key, fields }) => publication(workItemChanged, { key, status: fields['status'] ?? '' }, key));
}
