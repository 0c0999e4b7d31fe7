import { buildWorkItemKey, type WorkItem, type WorkItemKey } from '@cascade/contracts';
import type { SeededRandom } from '@cascade/testing';
import { sampleAssessment, sampleEpic, sampleStory, sampleTask } from './sample-items.js';

/** A work item of a tree, and the key of the one that its issue is a sub-issue of; undefined: of what asked for the cascade. */
export interface InTree {
  readonly item: WorkItem;
  readonly parent: string | undefined;
}

/** The epic of a number, one or two stories, and below each some tasks and assessments; parents first. */
export function sampleTree(random: SeededRandom, epic: number, cascadeId: string): InTree[] {
  const place = { repo: 'shop', branch: 'main', epicId: String(epic), epicName: 'codes' } as const;
  const of = (item: WorkItem, key: WorkItemKey): WorkItem => ({ ...item, cascadeId, key } as WorkItem);
  const root = of(sampleEpic, { kind: 'epic', ...place });
  const stories = Array.from({ length: 1 + random.below(2) }, (_, index) => {
    const storyId = `${epic}.${index + 1}`;
    const story = of(sampleStory, { kind: 'story', ...place, storyId, storyName: 'read-a-code' });
    const tasks = Array.from({ length: random.below(3) }, (_task, at) => of(sampleTask, { kind: 'task', ...place, storyId, storyName: 'read-a-code', taskId: `T00${at + 1}` }));
    const assessments = random.chance(0.4) ? [of(sampleAssessment, { kind: 'qa-assessment', repo: 'shop', branch: 'main', id: `${storyId}.risk`, name: 'read-a-code' })] : [];
    return [{ item: story, parent: buildWorkItemKey(root.key) }, ...[...tasks, ...assessments].map((item) => ({ item, parent: buildWorkItemKey(story.key) }))];
  });
  return [{ item: root, parent: undefined }, ...stories.flat()];
}
