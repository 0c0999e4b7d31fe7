import type { SpecTask } from '@cascade/contracts';
import { codeSpan, encodeText } from './line.js';
import type { TaskDocument } from './task-document.js';
import { renderTaskLine } from './task-line.js';
import { parallelBatches } from './parallel-batches.js';

/** The text of tasks.md: phases in Spec Kit's order; a phase without tasks is left out, as its rules ask. */
export function renderTasks(document: TaskDocument): string {
  const blocks = [
    '---\ndescription: "Task list for the implementation of the feature"\n---',
    `# Tasks: ${encodeText(document.title)}`,
    `**Input**: Design documents from ${codeSpan(document.featureDirectory)}`,
    '**Prerequisites**: plan.md, spec.md, research.md',
    '**Tests**: Required. A test task comes before the code task that makes its tests pass.',
    '**Organization**: Tasks are grouped by user story, so that each story can be built and tested on its own.',
    '## Format: `[ID] [P?] [Story] Description`',
    '- **[P]**: can run at the same time as its neighbours (other files, no dependency on an unfinished one)\n- **[Story]**: the user story that it belongs to',
    '## Path Conventions',
    'Paths are relative to the root of the repository.',
    ...phases(document).flatMap((phase, index) => [`## Phase ${index + 1}: ${phase.heading}`, ...phase.blocks]),
    ...order(document),
  ];
  return `${blocks.join('\n\n')}\n`;
}

interface Phase {
  readonly heading: string;
  readonly blocks: readonly string[];
}

function phases(document: TaskDocument): Phase[] {
  const lines = (tasks: readonly SpecTask[], story?: number): string =>
    tasks.map((task) => renderTaskLine(task, story, document.done.includes(task.id))).join('\n');
  const plain = (phase: SpecTask['phase'], heading: string): Phase[] => {
    const tasks = document.tasks.filter((task) => task.phase === phase);
    return tasks.length === 0 ? [] : [{ heading, blocks: groups(tasks, '', lines) }];
  };
  return [
    ...plain('setup', 'Setup (Shared Infrastructure)'),
    ...plain('foundational', 'Foundational (Blocking Prerequisites)'),
    ...document.stories.map((story, index) => ({
      heading: `User Story ${index + 1} - ${encodeText(story.title)} (Priority: P${story.priority})${index === 0 ? ' 🎯 MVP' : ''}`,
      blocks: [
        `**Goal**: ${encodeText(story.goal)} (Story ${story.storyId})`,
        `**Independent Test**: ${encodeText(story.independentTest)}`,
        ...groups(document.tasks.filter((task) => task.phase === 'story' && task.storyId === story.storyId), ` for User Story ${index + 1}`, (tasks) => lines(tasks, index + 1)),
        `**Checkpoint**: User Story ${index + 1} works and is tested on its own.`,
      ],
    })),
    ...plain('polish', 'Polish & Cross-Cutting Concerns'),
  ];
}

/** Chores stand directly under their phase; tests and code have headings of their own, tests first. */
function groups(tasks: readonly SpecTask[], suffix: string, lines: (tasks: readonly SpecTask[]) => string): string[] {
  return ([['chore', undefined], ['test', `### Tests${suffix}`], ['code', `### Implementation${suffix}`]] as const).flatMap(([kind, heading]) => {
    const group = tasks.filter((task) => task.kind === kind);
    if (group.length === 0) return [];
    return heading === undefined ? [lines(group)] : [heading, lines(group)];
  });
}

function order(document: TaskDocument): string[] {
  const batches = parallelBatches(document.tasks).filter((batch) => batch.length > 1).map((batch) => `- ${batch.map((task) => task.id).join(', ')}`);
  return [
    '## Dependencies & Execution Order',
    '### Phase Dependencies',
    '- Setup comes first, Foundational blocks every story, Polish comes after all of them.',
    '### User Story Dependencies',
    document.stories.map((story, index) => `- User Story ${index + 1}: ${storyDependencies(document, story.storyId)}`).join('\n'),
    '### Within Each User Story',
    '- Tests are written first and must fail; code makes them pass; tasks without [P] run in order.',
    '### Parallel Opportunities',
    batches.length === 0 ? '- None: the tasks depend on each other.' : batches.join('\n'),
    '## Implementation Strategy',
    '- Story by story in order of priority; after each checkpoint the repository\'s whole test suite passes.',
  ];
}

function storyDependencies(document: TaskDocument, storyId: string): string {
  const storyOf = new Map(document.tasks.map((task) => [task.id, task.storyId]));
  const needed = new Set(document.tasks.filter((task) => task.storyId === storyId).flatMap((task) => task.dependsOn.map((id) => storyOf.get(id))));
  const numbers = document.stories.flatMap((story, index) => (story.storyId !== storyId && needed.has(story.storyId) ? [`User Story ${index + 1}`] : []));
  return numbers.length === 0 ? 'depends on no other story' : `depends on ${numbers.join(', ')}`;
}
