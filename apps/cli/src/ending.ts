import type { CascadeRecord } from '@cascade/state';
import { exitCodeOfRecord } from './exit-codes.js';
import { reportProblem } from './report-error.js';
import { harmless, type Screen } from './screen.js';
import { printSummary, usageText } from './summary.js';

interface Telling {
  readonly json: boolean;
  readonly screen: Screen;
  readonly command: string;
}

/** Tells how a cascade ended, or what it waits for, and gives the exit code for that. */
export function tellEnding(record: CascadeRecord, { json, screen, command }: Telling): number {
  const exitCode = exitCodeOfRecord(record);
  if (json) screen.data(JSON.stringify({ type: 'result', exitCode, ...record }));
  else tellPerson(record, screen, command);
  return exitCode;
}

function tellPerson(record: CascadeRecord, screen: Screen, command: string): void {
  if (record.state === 'completed' && record.summary !== undefined) return printSummary(record, record.summary, screen);
  if (record.state === 'waiting') {
    tellQuestions(record, screen, command);
    screen.notice(`Go on:   ${command} resume ${record.id}`);
    return;
  }
  screen.notice(`\nCascade ${record.id}: ${stateText[record.state]}.`);
  if (record.problem !== undefined) reportProblem(record.problem, screen);
  screen.notice(screen.style('dim', `Model: ${usageText(record)}.`));
}

/** What a cascade waits for, each with the command that answers it. */
export function tellQuestions(record: CascadeRecord, screen: Screen, command: string): void {
  const left = record.deadlineLeftMs === undefined ? `the deadline is ${record.deadline}` : `the deadline is paused with ${Math.ceil(record.deadlineLeftMs / 60_000)} min left`;
  screen.notice(`\nCascade ${record.id} waits for you; ${left}.`);
  for (const { name, text } of record.questions) {
    screen.notice(`\n  ${harmless(text).replaceAll('\n', '\n  ')}\n`);
    screen.notice(`Answer:  ${command} answer ${record.id} ${quoted(name)} "<your answer>"`);
  }
}

const stateText: Readonly<Record<CascadeRecord['state'], string>> = {
  running: 'still running', waiting: 'waits', completed: 'done', failed: 'failed',
  timed_out: 'not done by its deadline', cancelled: 'cancelled',
};

/** A question's name as a word for the shell. */
const quoted = (name: string): string => (/^[\w./:-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);
