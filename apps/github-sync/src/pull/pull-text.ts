import { z } from 'zod';
import { reportPath } from '@cascade/contracts';
import { code, inline, type WorkItemRow } from '@cascade/github';
import type { PullRecord } from './pull-record.js';

/** A work item of the cascade, with its issue where it has one in the repository of the pull request. */
export interface Traced {
  readonly row: WorkItemRow;
  readonly number: number | undefined;
}

export interface PullFacts {
  readonly cascadeId: string;
  readonly record: PullRecord;
  readonly items: readonly Traced[];
  /** Number of the issue that asked for it, in the same repository. */
  readonly request: number | undefined;
}

/** Most tests that are named for one criterion; all are in the gate files. */
const MAX_TESTS = 5;
const criteriaTests = z.array(z.object({ id: z.number(), tests: z.array(z.string()) })).catch([]);

/** As the model worded it at the end; the epic's until then. */
export function pullTitle({ items, record }: PullFacts): string {
  if (record.summary?.pullRequest !== undefined) return record.summary.pullRequest.title;
  const epic = items.find(({ row }) => row.parts.kind === 'epic');
  return epic?.row.title ?? `Cascade: ${record.branch.replace(/^cascade\//, '')}`;
}

export interface PullBlock {
  readonly head: string;
  readonly sections: readonly string[];
  readonly documentPath: string;
  readonly items: readonly string[];
}

/** What Cascade writes into a pull request: a plain text of what is so, the same whenever nothing changed. */
export function pullBlock(facts: PullFacts): PullBlock {
  const { record, items } = facts;
  const epic = items.find(({ row }) => row.parts.kind === 'epic')?.row;
  const stories = items.filter(({ row }) => row.parts.kind === 'story');
  const stand = record.summary === undefined ? 'In progress: more stories are on their way.' : record.gate === 'CONCERNS' ? 'Complete, with concerns: a draft until somebody has read them.' : 'Complete.';
  const report = epic?.parts.kind === 'epic' ? reportPath(epic.parts.epicId) : undefined;
  return {
    head: [`**Written by Cascade** · what you write outside of this part stays`, '', `- QA gate: **${record.gate}**`, `- ${stand}`, ...(record.summary === undefined || report === undefined ? [] : [`- Report: ${code(report)}`])].join('\n'),
    sections: [
      closing(facts, stories),
      ...words(record, epic),
      ...(stories.length === 0 ? [] : [['### Stories', '', '| story | | gate | risk | issue |', '|---|---|---|---|---|', ...stories.map(storyLine)].join('\n')]),
      ...trace(stories),
      ...tasks(items.filter(({ row }) => row.parts.kind === 'task')),
    ].filter((section) => section !== ''),
    documentPath: code(report ?? record.branch),
    items: [],
  };
}

/** Merging closes the request, the epic and its stories; tasks and assessments are closed when they are done. */
function closing({ items, request }: PullFacts, stories: readonly Traced[]): string {
  const epics = items.filter(({ row }) => row.parts.kind === 'epic');
  const numbers = [request, ...[...epics, ...stories].map(({ number }) => number)].filter((number) => number !== undefined);
  return numbers.map((number) => `Closes #${number}`).join(', ');
}

const cell = (text: string): string => inline(text).replaceAll('|', '\\|');
const numberOf = ({ number }: Traced): string => (number === undefined ? '' : `#${number}`);
const idOf = ({ row: { parts } }: Traced): string => (parts.kind === 'story' ? parts.storyId : parts.kind === 'task' ? parts.taskId : '');

/** Lists and headings stay; everything else of a line is text. */
function line(text: string): string {
  const [, start = '', rest = ''] = /^( {0,3}(?:[-*]|#{1,6}|\d{1,3}\.) +)?(.*)$/.exec(text) ?? [];
  return `${start}${inline(rest)}`;
}

/** What it is about: in a model's words, which notify nobody and link to nothing; else the epic's goal. */
function words({ summary }: PullRecord, epic: WorkItemRow | undefined): string[] {
  if (summary?.pullRequest !== undefined) return [summary.pullRequest.body.split('\n').map(line).join('\n')];
  const parsed = z.object({ goal: z.string() }).safeParse(epic?.document);
  return parsed.success ? [inline(parsed.data.goal)] : [];
}

const storyLine = (story: Traced): string =>
  `| ${idOf(story)} | ${cell(story.row.title)} | ${cell(story.row.columns['qa_gate'] ?? 'open')} | ${cell(story.row.columns['risk_score'] ?? '')} | ${numberOf(story)} |`;

/** From each acceptance criterion to the tests that failed before the code and pass with it. */
function trace(stories: readonly Traced[]): string[] {
  const lines = stories.flatMap((story) => criteriaTests.parse(json(story.row.columns['criteria_tests'])).map(({ id, tests }) => {
    const named = tests.slice(0, MAX_TESTS).map((test) => cell(test)).join('<br>');
    const more = tests.length > MAX_TESTS ? `<br>and ${tests.length - MAX_TESTS} more` : '';
    return `| ${idOf(story)} AC${id} | ${tests.length === 0 ? 'no test' : `${named}${more}`} |`;
  }));
  return lines.length === 0 ? [] : [['### Criteria and the tests that prove them', '', '| criterion | tests, red before the code and green with it |', '|---|---|', ...lines].join('\n')];
}

function tasks(all: readonly Traced[]): string[] {
  const done = all.filter(({ row }) => (row.columns['commit_sha'] ?? '') !== '');
  if (done.length === 0) return [];
  return [['### Tasks', '', '| task | | red tests | commit | issue |', '|---|---|---|---|---|', ...done.map((task) =>
    `| ${idOf(task)} | ${cell(task.row.title)} | ${cell(task.row.columns['red_tests'] ?? '')} | ${code((task.row.columns['commit_sha'] ?? '').slice(0, 10))} | ${numberOf(task)} |`)].join('\n')];
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
}
