import { specTask, type SpecTask } from '@cascade/contracts';
import { decodeText, encodeText } from './line.js';

/**
 * One line of tasks.md. Spec Kit's grammar is `- [ ] T001 [P?] [USn?] Description with exact file path`; the description
 * carries the rest of the typed task in a fixed form:
 *
 *     - [ ] T003 [P] [US1] Apply a discount code in `src/discount.js` (US1/AC1, US1/AC2) (passes T001) (depends on T001)
 */
export interface TaskLine {
  readonly done: boolean;
  readonly id: string;
  readonly parallel: boolean;
  /** The n of [USn]. */
  readonly story?: number;
  readonly title: string;
  readonly paths: readonly string[];
  readonly criteria: readonly number[];
  readonly tests: readonly string[];
  readonly dependsOn: readonly string[];
}

const grammar = /^- \[( |x|X)\] (T\d{3,})(?: (\[P\]))?(?: \[US(\d+)\])? (\S.*)$/;
const ids = String.raw`T\d{3,}(?:, T\d{3,})*`;
const description = new RegExp([
  '^(.+?) in (`[^`]+`(?:, `[^`]+`)*)',
  String.raw`(?: \((US\d+/AC\d+(?:, US\d+/AC\d+)*)\))?`,
  String.raw`(?: \(passes (${ids})\))?`,
  String.raw`(?: \(depends on (${ids})\))?$`,
].join(''));

export function renderTaskLine(task: SpecTask, story: number | undefined, done: boolean): string {
  const label = story === undefined ? '' : ` [US${story}]`;
  const part = (prefix: string, items: readonly string[]): string => (items.length === 0 ? '' : ` (${prefix}${items.join(', ')})`);
  return [
    `- [${done ? 'X' : ' '}] ${task.id}${task.parallel ? ' [P]' : ''}${label} ${encodeText(task.title)}`,
    ` in ${task.paths.map((path) => `\`${path}\``).join(', ')}`,
    story === undefined ? '' : part('', task.criteria.map((criterion) => `US${story}/AC${criterion}`)),
    part('passes ', task.tests),
    part('depends on ', task.dependsOn),
  ].join('');
}

/** The parts of a task line, or undefined when the text is not one. A description that starts with `[P]` is refused. */
export function parseTaskLine(text: string): TaskLine | undefined {
  const match = grammar.exec(text);
  const rest = match?.[5];
  if (match === null || rest === undefined || /^\[(P|US\d+)\]/.test(rest)) return undefined;
  const parts = description.exec(rest);
  if (parts === null) return undefined;
  const split = (list: string | undefined): string[] => list?.split(', ') ?? [];
  return {
    done: match[1] !== ' ',
    id: match[2] ?? '',
    parallel: match[3] !== undefined,
    ...(match[4] === undefined ? {} : { story: Number(match[4]) }),
    title: decodeText(parts[1] ?? ''),
    paths: [...(parts[2] ?? '').matchAll(/`([^`]+)`/g)].map((path) => path[1] ?? ''),
    criteria: split(parts[3]).map((reference) => Number(reference.replace(/^.*AC/, ''))),
    tests: split(parts[4]),
    dependsOn: split(parts[5]),
  };
}

/** Where in tasks.md a line stands decides its phase, story and kind. Throws a ZodError when the task is out of bounds. */
export function taskOfLine(parsed: TaskLine, place: Pick<SpecTask, 'phase' | 'kind' | 'storyId'>): SpecTask {
  const { done: _done, story: _story, ...fields } = parsed;
  return specTask.parse({ ...fields, ...place });
}
