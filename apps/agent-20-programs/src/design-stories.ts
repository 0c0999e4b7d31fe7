import type { DataOf, Run, SpecTask, specReady } from '@cascade/contracts';
import { fileSections, type Model } from '@cascade/llm';
import { conventions } from './conventions.js';
import { renderPaths, type DesignMaterial } from './design-material.js';
import { storyText } from './instructions.js';
import { designProblems, type TaskDesign } from './story-design.js';
import { codeTasks, storyGroups, type StoryGroup } from './story-groups.js';

/** The one thing that this tier needs of a model. */
export type DesignModel = Pick<Model, 'call'>;

/**
 * One model call per story that has code; stories in order, so that a later one sees what an earlier one exports.
 * Gives the design of every code task by task id.
 */
export async function designStories(data: DataOf<typeof specReady>, material: DesignMaterial, model: DesignModel, run: Run): Promise<Map<string, TaskDesign>> {
  const designs = new Map<string, TaskDesign>();
  const around = { tasks: data.tasks, repositoryFiles: new Set(material.paths) };
  for (const group of storyGroups(data.stories, data.tasks)) {
    if (codeTasks(group).length === 0) continue;
    const answer = await model.call(run, `programs/design/${group.name}`, 'DesignPrograms', promptOf(group, data, material, designs), {
      validate: (design) => designProblems(design, group, around),
    });
    for (const task of answer.tasks) designs.set(task.taskId, task);
    await run.progress({ kind: 'artefact', text: `interfaces of ${group.story === undefined ? 'the shared tasks' : `story ${group.name}`}: ${answer.tasks.flatMap((task) => task.exports.map((item) => item.name)).join(', ')}`, ...(group.story === undefined ? {} : { storyId: group.name }) });
  }
  return designs;
}

type PromptArgs = [story: string, tasks: string, conventions: string, repositoryFiles: string, sources: string, specification: string, earlier: string];

function promptOf(group: StoryGroup, data: DataOf<typeof specReady>, material: DesignMaterial, earlier: ReadonlyMap<string, TaskDesign>): PromptArgs {
  const isSpecification = (path: string): boolean => path.startsWith(`${data.featureDirectory}/`);
  const notes = group.story?.devNotes.map((note) => `- ${note.note} (${note.source})`) ?? [];
  return [
    [storyText(group.story) || 'Tasks that several stories share.', ...(notes.length === 0 ? [] : ['Notes:', ...notes])].join('\n'),
    group.tasks.map(taskText).join('\n'),
    conventions(data.project.testPlan),
    renderPaths(material.paths.filter((path) => !isSpecification(path) && !path.startsWith('docs/'))),
    fileSections(material.files.filter((file) => !isSpecification(file.path)), material.elsewhere),
    fileSections(material.files.filter((file) => isSpecification(file.path))),
    earlierText(data.tasks, earlier),
  ];
}

function taskText(task: SpecTask): string {
  const details = [
    `kind: ${task.kind}`, `paths: ${task.paths.join(', ')}`,
    ...(task.criteria.length === 0 ? [] : [`criteria: ${task.criteria.join(', ')}`]),
    ...(task.dependsOn.length === 0 ? [] : [`after: ${task.dependsOn.join(', ')}`]),
    ...(task.tests.length === 0 ? [] : [`tests: ${task.tests.join(', ')}`]),
  ];
  return `- ${task.id} ${task.title} (${details.join('; ')})`;
}

function earlierText(tasks: readonly SpecTask[], designs: ReadonlyMap<string, TaskDesign>): string {
  const lines = tasks.flatMap((task) => designs.get(task.id)?.exports ?? []).map((item) => `- ${item.kind} \`${item.signature}\` exported as ${item.name} from ${item.path}: ${item.behaviour.map((behaviour) => behaviour.text).join(' ')}`);
  return lines.join('\n') || '(none)';
}
