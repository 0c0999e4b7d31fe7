import { riskLevel } from '@cascade/bmad';
import { epic, risk, specTask, story, testScenario, type Epic, type Risk, type SpecTask, type Story, type TestScenario } from '@cascade/contracts';
import { z } from 'zod';
import { bullet, code, inline, section, task } from './block-text.js';
import { cascadeLabel } from './labels.js';
import { statusLabel, stateOf } from './item-state.js';
import type { ManagedBlock } from './managed-block.js';
import { ticksIn } from './ticks.js';
import type { WorkItemRow } from './work-item-row.js';

/** A child as the body lists it, where the tracker has no sub-issues. */
export interface ListedChild {
  /** Of its work item, e.g. a story's `1.2`. */
  readonly id: string;
  readonly title: string;
  readonly number: number | undefined;
}

const assessment = z.object({ risks: z.array(risk).max(20).optional(), scenarios: z.array(testScenario).max(60).optional() });

/** What Cascade writes into the issue of a work item. A document that is not what its kind says gives its place only. */
export function renderBlock(item: WorkItemRow, children: readonly ListedChild[] = []): ManagedBlock {
  const list = section('Stories', children.map((child) => task(`S${child.id}`, `${child.number === undefined ? '' : `#${child.number} `}${inline(child.title)}`)));
  const sections = [...sectionsOf(item), ...list];
  return { head: headOf(item), sections, documentPath: code(item.documentPath), items: [...ticksIn(sections.join('\n')).keys()] };
}

function headOf(item: WorkItemRow): string {
  const { parts, columns } = item;
  const branch = columns['result_branch'] ?? (parts.kind === 'qa-assessment' ? undefined : `cascade/${parts.epicId}-${parts.epicName}`);
  const facts = [
    ['Status', inline(item.status)],
    ['Gate', columns['qa_gate'] === undefined ? undefined : inline(columns['qa_gate'])],
    ['Document', item.documentPath === '' ? undefined : code(item.documentPath)],
    ['Branch', branch === undefined ? undefined : code(branch)],
    ['From', `${code(parts.branch)} of ${code(parts.repo)}`],
  ];
  return [`**${kindNames[parts.kind]}${numberOf(item)}** · written by Cascade; what you write outside of this part stays`, '', ...facts.flatMap(([name, value]) => (value === undefined ? [] : [bullet(`${name}: ${value}`)]))].join('\n');
}

const kindNames = { epic: 'Epic', story: 'Story', task: 'Task', 'qa-assessment': 'QA assessment' } as const;

function numberOf({ parts }: WorkItemRow): string {
  if (parts.kind === 'epic') return ` ${inline(parts.epicId)}`;
  if (parts.kind === 'story') return ` ${inline(parts.storyId)}`;
  return parts.kind === 'task' ? ` ${inline(parts.taskId)}` : ` ${inline(parts.id)}`;
}

function sectionsOf(item: WorkItemRow): string[] {
  const { kind } = item.parts;
  if (kind === 'epic') return parsed(epic, item.document, epicSections);
  if (kind === 'story') return parsed(story, item.document, storySections);
  return kind === 'task' ? parsed(specTask, item.document, taskSections) : parsed(assessment, item.document, assessmentSections);
}

function parsed<T>(schema: z.ZodType<T>, document: unknown, sections: (document: T) => string[]): string[] {
  const result = schema.safeParse(document);
  return result.success ? sections(result.data) : [];
}

const epicSections = (document: Epic): string[] => [
  ...section('Goal', document.goal.split(/\n\s*\n/).map(inline)),
  ...section('Requirements', document.requirements.map((one) => task(one.id, inline(one.text)))),
];

const storySections = (document: Story): string[] => [
  `As a ${inline(document.asA)}, I want ${inline(document.iWant)}, so that ${inline(document.soThat)}.`,
  ...section('Acceptance criteria', document.criteria.map((one) => task(`AC${one.id}`, `Given ${inline(one.given)}, when ${inline(one.when)}, then ${inline(one.then)}`))),
  ...section('Tasks', document.tasks.map((one, index) => task(`T${index + 1}`, `${inline(one.title)}${one.criteria.length === 0 ? '' : ` (AC ${one.criteria.join(', ')})`}`))),
  ...section('Depends on', document.dependsOn.map((id) => bullet(`story ${id}`))),
  ...section('Risks', document.risks.map(riskLine)),
];

const taskSections = (document: SpecTask): string[] => [
  [`Kind: ${document.kind}`, ...(document.storyId === undefined ? [] : [`story ${document.storyId}`]), ...(document.criteria.length === 0 ? [] : [`acceptance criteria ${document.criteria.join(', ')}`])].join(' · '),
  ...section('Files', document.paths.map((path) => bullet(code(path)))),
  ...section('After', [...document.dependsOn, ...document.tests].map((id) => bullet(id))),
];

const assessmentSections = (document: z.output<typeof assessment>): string[] => [
  ...section('Risks', (document.risks ?? []).map(riskLine)),
  ...section('Test scenarios', (document.scenarios ?? []).map((one: TestScenario) => bullet(`${one.id} (${one.priority}, AC ${one.criterion}): ${inline(one.description)}`))),
];

const riskLine = (one: Risk): string => bullet(`${one.id} (${riskLevel(one.probability * one.impact)}): ${inline(one.title)} · ${inline(one.mitigation)}`);

/** The labels that Cascade keeps on the issue, sorted. */
export function managedLabels(item: WorkItemRow, own = cascadeLabel): string[] {
  const { kind } = item.parts;
  const score = Number(item.columns['risk_score'] ?? Number.NaN);
  return [
    own.toLowerCase(), kind === 'qa-assessment' ? 'qa' : kind, `tier-${kind === 'task' ? 2 : 0}`, statusLabel(item.status),
    ...(Number.isFinite(score) && score > 0 ? [`risk:${riskLevel(score).toLowerCase()}`] : []),
  ].sort();
}

/** Items that the work item's own progress ticks: all of them when it ended, and its gate did not say otherwise. */
export const machineTicks = (item: WorkItemRow, block: ManagedBlock): string[] =>
  stateOf(item.status) === 'closed' && ['PASS', undefined].includes(item.columns['qa_gate']) ? [...block.items].sort() : [];
