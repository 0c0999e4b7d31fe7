import type { CascadeSummary } from '@cascade/contracts';
import type { CascadeRecord } from '@cascade/state';
import { harmless, oneLine, type Screen } from './screen.js';

const number = (value: number): string => value.toLocaleString('en-US');

/** What a completed cascade brought, as text for people. */
export function printSummary(record: CascadeRecord, summary: CascadeSummary, screen: Screen): void {
  const title = (text: string): string => screen.dataStyle('bold', text);
  screen.data('');
  screen.data(title(`Cascade ${record.id} is done in ${duration(record)}`));
  screen.data(`\n${title('Stories')}`);
  for (const story of summary.stories) {
    screen.data(`  ${story.id}  ${oneLine(story.title, 70)}  ·  highest risk ${story.highestRisk}  ·  gate ${gate(story.gate, screen)}`);
    for (const reason of story.reasons) screen.data(`       ${harmless(reason)}`);
  }
  screen.data(`\n${title('Spec Kit folder')}  ${summary.featureDirectory}`);
  screen.data(`\n${title('Tasks')}`);
  for (const task of summary.tasks) screen.data(`  ${taskRow(task)}`);
  const commits = new Set(summary.tasks.flatMap((task) => task.commitSha ?? [])).size;
  screen.data(`\n${title('Branch')}   ${summary.branch} at ${summary.commitSha.slice(0, 10)} (${commits} task commits) in ${harmless(record.repository)}`);
  screen.data(`${title('QA gate')}  ${gate(summary.gate, screen)}`);
  screen.data(`${title('Model')}    ${usageText(record)}`);
}

function taskRow(task: CascadeSummary['tasks'][number]): string {
  const commit = task.commitSha === undefined ? '' : `  ${task.commitSha.slice(0, 10)}`;
  return `${task.id}  ${task.kind.padEnd(5)}  ${oneLine(task.title, 44).padEnd(44)}  ${proofText(task)}${commit}`;
}

/** How a task was proved: which tests failed before its code, and how many runs it took until they passed. */
function proofText(task: CascadeSummary['tasks'][number]): string {
  if (task.kind === 'chore') return 'done';
  if (task.kind === 'test') return task.redTests === 0 ? 'tests written' : `${plural(task.redTests, 'test')} red`;
  const repairs = Math.max(0, task.attempts - 1);
  return `${plural(task.redTests, 'test')} red → green${repairs === 0 ? ' at the first run' : ` after ${plural(repairs, 'repair')}`}`;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function gate(decision: CascadeSummary['gate'], screen: Screen): string {
  const colour = { PASS: 'green', CONCERNS: 'yellow', FAIL: 'red' } as const;
  return screen.dataStyle(colour[decision], decision);
}

export function usageText({ usage }: CascadeRecord): string {
  const money = usage.usd > 0 ? `, $${usage.usd.toFixed(4)}` : '';
  return `${plural(usage.calls, 'call')}, ${number(usage.promptTokens)} tokens in, ${number(usage.completionTokens)} tokens out${money}`;
}

function duration(record: CascadeRecord): string {
  const ms = Date.parse(record.endedAt ?? new Date().toISOString()) - Date.parse(record.createdAt);
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
