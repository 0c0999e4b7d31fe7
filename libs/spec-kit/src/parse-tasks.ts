import type { SpecTask } from '@cascade/contracts';
import { z } from 'zod';
import { decodeText, readCodeSpan } from './line.js';
import { Outline, type Section } from './outline.js';
import { taskDocument, type TaskDocument } from './task-document.js';
import { parseTaskLine, taskOfLine } from './task-line.js';

const phaseNames: readonly (readonly [string, SpecTask['phase']])[] = [
  ['Setup (Shared Infrastructure)', 'setup'], ['Foundational (Blocking Prerequisites)', 'foundational'], ['Polish & Cross-Cutting Concerns', 'polish'],
];
type Place = Pick<SpecTask, 'phase' | 'storyId'>;

/** Reads a tasks.md back, with its marks. Throws `CASC_SPEC_INVALID` that names every line that does not hold to the grammar. */
export function parseTasks(markdown: string): TaskDocument {
  const outline = new Outline('tasks.md', markdown);
  const reader = new TaskReader(outline);
  const head = outline.titled(1, 'Tasks: ');
  const input = outline.value(head, 'Input').replace('Design documents from ', '');
  for (const section of outline.sections.filter((item) => item.level === 2 && item.heading.startsWith('Phase '))) reader.phase(section);
  return outline.finish(taskDocument, { title: head.heading, featureDirectory: readCodeSpan(input), stories: reader.stories, tasks: reader.tasks, done: reader.done });
}

class TaskReader {
  readonly stories: unknown[] = [];
  readonly tasks: SpecTask[] = [];
  readonly done: string[] = [];
  #phases = 0;

  constructor(private readonly outline: Outline) {}

  phase(section: Section): void {
    this.#phases += 1;
    const [, number, name = ''] = /^Phase (\d+): (.+)$/.exec(section.heading) ?? [];
    if (Number(number) !== this.#phases) this.outline.problem('PHASE_NUMBER', `expects "Phase ${this.#phases}", not "${section.heading}"`);
    const place = this.#place(section, name);
    if (place === undefined) return;
    for (const part of [section, ...this.outline.below(section)]) {
      for (const text of part.lines.filter((item) => item.startsWith('- '))) this.#task(text, place, part === section ? '' : part.heading);
    }
  }

  #place(section: Section, name: string): Place | undefined {
    const plain = phaseNames.find(([heading]) => heading === name)?.[1];
    if (plain !== undefined) return { phase: plain };
    const story = /^User Story (\d+) - (.+) \(Priority: P(\d+)\)(?: 🎯 MVP)?$/.exec(name);
    const goal = story === null ? null : /^(.+) \(Story (\d+\.\d+)\)$/.exec(this.outline.value(section, 'Goal'));
    if (story === null || goal === null || Number(story[1]) !== this.stories.length + 1) {
      this.outline.problem('PHASE_HEADING', `does not know the phase "${section.heading.slice(0, 120)}", or its **Goal** names no story`);
      return undefined;
    }
    this.stories.push({
      storyId: goal[2], title: decodeText(story[2] ?? ''), priority: Number(story[3]), goal: decodeText(goal[1] ?? ''),
      independentTest: decodeText(this.outline.value(section, 'Independent Test')),
    });
    return { phase: 'story', storyId: goal[2] };
  }

  #task(text: string, place: Place, heading: string): void {
    const parsed = parseTaskLine(text);
    const expected = place.storyId === undefined ? undefined : this.stories.length;
    if (parsed === undefined) return this.outline.problem('TASK_GRAMMAR', `has a line that is no task: ${text.slice(0, 160)}`);
    if (parsed.story !== expected) {
      this.outline.problem('TASK_STORY_LABEL', `${parsed.id} ${expected === undefined ? 'must have no [US…] label in its phase' : `must be labelled [US${expected}]`}`);
    }
    const kind = heading.startsWith('Tests') ? 'test' : heading.startsWith('Implementation') ? 'code' : 'chore';
    if (parsed.done) this.done.push(parsed.id);
    try {
      this.tasks.push(taskOfLine(parsed, { ...place, kind }));
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      for (const issue of error.issues) this.outline.problem('TASK_SHAPE', `${parsed.id} ${issue.path.join('.')}: ${issue.message}`);
    }
  }
}
