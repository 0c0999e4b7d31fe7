import type { Story } from '@cascade/contracts';
import { fail, type Finding } from './finding.js';

/** Tasks name existing criteria, and no criterion is left without a task. */
export function checkTasks(story: Story): Finding[] {
  const known = new Set(story.criteria.map((criterion) => criterion.id));
  const served = new Set(story.tasks.flatMap((task) => task.criteria));
  return [
    ...story.tasks.flatMap((task) => task.criteria.filter((id) => !known.has(id))
      .map((id) => fail('task-criterion-unknown', `task ${JSON.stringify(task.title.slice(0, 80))} names acceptance criterion ${id}, which does not exist`, story.id))),
    ...story.criteria.filter((criterion) => !served.has(criterion.id))
      .map((criterion) => fail('criterion-without-task', `no task names acceptance criterion ${criterion.id} in its "criteria"`, story.id)),
  ];
}
