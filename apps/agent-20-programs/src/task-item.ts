import { slugify } from '@cascade/bmad';
import { workItemWrite, type Program, type Project, type StateWrite, type Story } from '@cascade/contracts';
import { programHash } from '@cascade/programs';

/** Tasks that serve no story hang under this one in work-item keys. */
const shared = { id: '0', name: 'shared' };

/** The task's work item, now with its program. */
export function taskItem(program: Program, programPath: string, story: Story | undefined, project: Project, tasksPath: string, cascadeId: string): StateWrite {
  return workItemWrite({
    key: {
      kind: 'task', repo: project.repositoryName, branch: project.branch, epicId: String(project.epicId), epicName: project.epicName,
      storyId: story?.id ?? shared.id, storyName: story === undefined ? shared.name : slugify(story.title), taskId: program.task.id,
    },
    status: 'Approved', title: program.task.title, documentPath: tasksPath, document: program.task, cascadeId, modifiedAt: Date.now(),
    columns: { program_path: programPath, program_hash: programHash(program), task_kind: program.task.kind, parallel: String(program.parallel), tdd_required: String(program.tddRequired) },
  });
}
