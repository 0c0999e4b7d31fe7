import type { SpecTask } from '@cascade/contracts';
import { finding, type Finding } from './finding.js';
import type { TaskContext } from './task-context.js';

/** One code task is one source file, or a few that only make sense together. */
const MAX_CODE_PATHS = 3;
const MAX_TEST_PATHS = 2;
/** Cascade's own documents; tasks of a feature do not write them. */
const reserved = /^(specs|docs\/(prd|stories|qa)|\.specify)(\/|$)|^docs\/prd\.md$/i;

/** What tasks may write: test tasks own test files, nobody else touches those, and no file stands where a folder is. */
export function checkPaths(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  return [...tasks.flatMap((task) => checkTask(task, context)), ...checkOwners(tasks), ...checkFolders(tasks, context)];
}

function checkTask(task: SpecTask, context: TaskContext): Finding[] {
  const limit = task.kind === 'test' ? MAX_TEST_PATHS : task.kind === 'code' ? MAX_CODE_PATHS : task.paths.length;
  const found = task.paths.length > limit ? [finding('TASK_TOO_LARGE', `writes ${task.paths.length} files; a ${task.kind} task writes at most ${limit}: split it`, task.id)] : [];
  for (const path of task.paths) {
    const kind = context.testKind(path);
    if (/[`\u2028\u2029]|\s{2}|^\s|\s$/.test(path)) found.push(finding('TASK_PATH_FORM', `the path ${path} must not contain a backtick, nor white space at an end or in a row`, task.id));
    if (reserved.test(path)) found.push(finding('TASK_PATH_RESERVED', `must not write ${path}: specs/, docs/prd, docs/stories and docs/qa hold the documents of the process`, task.id));
    if (task.kind === 'test' && kind === 'none') found.push(finding('TASK_TEST_PATH', `${path} is not where or how this repository keeps its test files`, task.id));
    if (task.kind !== 'test' && kind !== 'none') found.push(finding('TASK_CODE_PATH', `${path} belongs to the tests: only test tasks write test files`, task.id));
  }
  if (task.kind === 'test' && found.length === 0 && !task.paths.some((path) => context.testKind(path) === 'test')) {
    found.push(finding('TASK_TEST_PATH', `writes no file that the test runner would run: ${task.paths.join(', ')}`, task.id));
  }
  if (new Set(task.paths).size < task.paths.length) found.push(finding('TASK_PATH_TWICE', 'names a path twice', task.id));
  return found;
}

/** A test file is locked once its code task starts, so it has exactly one owner. */
function checkOwners(tasks: readonly SpecTask[]): Finding[] {
  const owner = new Map<string, SpecTask>();
  return tasks.flatMap((task) => task.paths.flatMap((path) => {
    const first = owner.get(path);
    owner.set(path, first ?? task);
    if (first === undefined || first === task || (first.kind !== 'test' && task.kind !== 'test')) return [];
    return [finding('TASK_TEST_PATH_SHARED', `${path} is also written by ${first.id}: a test file belongs to one test task only`, task.id)];
  }));
}

function checkFolders(tasks: readonly SpecTask[], context: TaskContext): Finding[] {
  const files = new Set([...context.existingPaths, ...tasks.flatMap((task) => task.paths)]);
  const folders = new Set([...files].flatMap((path) => path.split('/').slice(0, -1).map((_, index, parts) => parts.slice(0, index + 1).join('/'))));
  return tasks.flatMap((task) => task.paths.flatMap((path) => {
    if (folders.has(path)) return [finding('TASK_PATH_IS_FOLDER', `${path} is a folder; name the file`, task.id)];
    const parent = path.split('/').slice(0, -1).map((_, index, parts) => parts.slice(0, index + 1).join('/')).find((folder) => files.has(folder));
    return parent === undefined ? [] : [finding('TASK_PATH_UNDER_FILE', `${path} lies under ${parent}, which is a file`, task.id)];
  }));
}
