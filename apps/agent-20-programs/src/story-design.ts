import { pathProblem, type SpecTask } from '@cascade/contracts';
import { contextProblem } from './context-paths.js';
import { codeTasks, type StoryGroup } from './story-groups.js';

/** One exported name as the model designs it. */
export interface ExportDesign {
  readonly path: string;
  readonly name: string;
  readonly kind: 'function' | 'class' | 'constant';
  readonly signature: string;
  readonly behaviour: readonly { readonly criterion: number; readonly text: string }[];
  readonly methods: readonly string[];
}

export interface TaskDesign {
  readonly taskId: string;
  readonly exports: readonly ExportDesign[];
  readonly contextPaths: readonly string[];
  readonly implementerNotes: string;
  readonly testNotes: string;
}

export interface StoryDesign {
  readonly tasks: readonly TaskDesign[];
}

export interface DesignSurroundings {
  readonly tasks: readonly SpecTask[];
  readonly repositoryFiles: ReadonlySet<string>;
}

const nameRule = /^[A-Za-z_$][\w$]{0,80}$/;
const NOTE_LIMIT = 2000;

/** What is wrong with a design, as sentences for the model; empty when programs can be made from it. */
export function designProblems(design: StoryDesign, group: StoryGroup, around: DesignSurroundings): string[] {
  const wanted = codeTasks(group);
  const given = design.tasks.map((task) => task.taskId);
  return [
    ...wanted.filter((task) => !given.includes(task.id)).map((task) => `${task.id} has no entry; every code task needs one.`),
    ...given.filter((id, index) => given.indexOf(id) !== index).map((id) => `${id} has two entries; give one.`),
    ...given.filter((id) => !wanted.some((task) => task.id === id)).map((id) => `${id.slice(0, 40)} is not a code task of this story; only ${wanted.map((task) => task.id).join(', ')} are.`),
    ...design.tasks.flatMap((entry) => {
      const task = wanted.find((candidate) => candidate.id === entry.taskId);
      return task === undefined ? [] : taskProblems(entry, task, around);
    }),
  ];
}

function taskProblems(entry: TaskDesign, task: SpecTask, around: DesignSurroundings): string[] {
  const covered = new Set(entry.exports.flatMap((item) => item.behaviour.map((behaviour) => behaviour.criterion)));
  const names = entry.exports.map((item) => `${item.name} from ${item.path}`); // an entry point may export again what another file defines
  return [
    ...(entry.exports.length === 0 ? [`${task.id} exports nothing; tests need at least one name.`] : []),
    ...(entry.exports.length > 20 ? [`${task.id} has ${entry.exports.length} exports; at most 20 are taken.`] : []),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${task.id} exports ${name} twice.`),
    ...task.criteria.filter((criterion) => !covered.has(criterion)).map((criterion) => `${task.id} has no behaviour for acceptance criterion ${criterion}.`),
    ...entry.exports.flatMap((item) => exportProblems(item, task)),
    ...entry.contextPaths.flatMap((path) => pathProblems(path, task, around)),
    ...[entry.implementerNotes, entry.testNotes].filter((note) => note.length > NOTE_LIMIT).map(() => `${task.id}: a note has more than ${NOTE_LIMIT} characters.`),
  ];
}

function exportProblems(item: ExportDesign, task: SpecTask): string[] {
  const at = `${task.id}, export ${JSON.stringify(item.name.slice(0, 80))}`;
  return [
    ...(nameRule.test(item.name) ? [] : [`${at}: a name has letters, digits and _ only.`]),
    ...(task.paths.includes(item.path) ? [] : [`${at}: its path ${JSON.stringify(item.path.slice(0, 200))} is not one of the task's own paths (${task.paths.join(', ')}).`]),
    ...(item.signature.trim() === '' || item.signature.length > 300 || item.signature.includes('\n') ? [`${at}: the signature must be one line of at most 300 characters.`] : []),
    ...(item.behaviour.length === 0 || item.behaviour.length > 20 ? [`${at}: needs 1 to 20 behaviours.`] : []),
    ...item.behaviour.filter((behaviour) => behaviour.text.trim() === '' || behaviour.text.length > 480).map(() => `${at}: a behaviour must have 1 to 480 characters.`),
    ...item.behaviour.filter((behaviour) => !task.criteria.includes(behaviour.criterion)).map((behaviour) => `${at}: criterion ${behaviour.criterion} is not one of the task's criteria (${task.criteria.join(', ')}).`),
    ...(item.kind !== 'class' && item.methods.length > 0 ? [`${at}: only a class has methods.`] : []),
    ...item.methods.filter((method) => !nameRule.test(method)).map((method) => `${at}: ${JSON.stringify(method.slice(0, 80))} is not a method's name.`),
  ];
}

function pathProblems(path: string, task: SpecTask, around: DesignSurroundings): string[] {
  if (task.paths.includes(path)) return [];
  const problem = pathProblem(path) ?? contextProblem(path, task, around.tasks, around.repositoryFiles);
  return problem === undefined ? [] : [`${task.id}: the context path ${JSON.stringify(path.slice(0, 200))} ${problem}.`];
}
