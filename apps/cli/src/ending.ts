import type { CascadeRecord, OpenQuestion } from '@cascade/state';
import { exitCodeOfRecord } from './exit-codes.js';
import { reportProblem } from './report-problem.js';
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
    screen.notice(`\n${waitingText(record)}`);
    for (const question of record.questions) tellQuestion(record.id, question, screen, command);
    screen.notice(`Go on:   ${command} resume ${record.id}`);
    return;
  }
  screen.notice(`\nCascade ${record.id}: ${stateText[record.state]}.`);
  if (record.problem !== undefined) reportProblem(record.problem, screen);
  screen.notice(screen.style('dim', `Model: ${usageText(record)}.`));
}

/** That a cascade waits, and whether its deadline does. */
export function waitingText({ id, deadline, deadlineLeftMs }: CascadeRecord): string {
  const clock = deadlineLeftMs === undefined ? `the deadline is ${deadline}` : `deadline paused, ${Math.ceil(deadlineLeftMs / 60_000)} min left`;
  return `Cascade ${id} waits for you (${clock}).`;
}

/** A question, with the command that answers it. */
export function tellQuestion(id: string, { name, text }: OpenQuestion, screen: Screen, command: string): void {
  if (text !== '') screen.notice(`\n  ${harmless(text).replaceAll('\n', '\n  ')}\n`);
  screen.notice(`Answer:  ${command} answer ${id} ${quoted(name)} "<your answer>"`);
}

const stateText: Readonly<Record<CascadeRecord['state'], string>> = {
  running: 'still running', waiting: 'waits', completed: 'done', failed: 'failed',
  timed_out: 'not done by its deadline', cancelled: 'cancelled',
};

/** A question's name as a word for the shell. */
const quoted = (name: string): string => (/^[\w./:-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);
