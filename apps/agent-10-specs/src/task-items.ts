import { slugify } from '@cascade/bmad';
import { workItemWrite, type SpecTask, type StateWrite } from '@cascade/contracts';
import type { FeatureFacts } from './assemble-documents.js';

/** Tasks that serve no story hang under this one in work-item keys. */
const shared = { id: '0', name: 'shared' };

/** The work item of every task. */
export function taskItems(facts: FeatureFacts, tasks: readonly SpecTask[], cascadeId: string): StateWrite[] {
  const { project } = facts;
  return tasks.map((task) => {
    const story = facts.stories.find((item) => item.id === task.storyId);
    return workItemWrite({
      key: {
        kind: 'task', repo: project.repositoryName, branch: project.branch, epicId: String(project.epicId), epicName: project.epicName,
        storyId: story?.id ?? shared.id, storyName: story === undefined ? shared.name : slugify(story.title), taskId: task.id,
      },
      status: 'Draft', title: task.title, documentPath: `${facts.directory}/tasks.md`, document: task, cascadeId, modifiedAt: Date.now(),
      columns: { task_kind: task.kind, phase: task.phase, parallel: String(task.parallel), depends_on: task.dependsOn.join(',') },
    });
  });
}
