import { asCascadeError, terminal, type Problem } from '@cascade/contracts';
import { AllDeadLetters } from '@cascade/state';
import type { StoredLetter } from '@cascade/streams';
import { withPlace, type CommandContext, type SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import { isRemote, withPartitions } from '../place.js';
import { reportProblem } from '../report-problem.js';
import { harmless, oneLine } from '../screen.js';

/** Which dead letters are meant. */
export interface DlqOptions extends SharedOptions {
  readonly service?: string;
  readonly code?: string;
  readonly limit?: number;
  readonly all?: boolean;
}

const DEFAULT_LIMIT = 50;

/** Lists dead letters, oldest first; one JSON object per line with --json. Reads only. */
export async function list(options: DlqOptions, context: CommandContext): Promise<number> {
  return withLetters(options, context, async (letters) => {
    const { screen } = context;
    const limit = options.limit ?? DEFAULT_LIMIT;
    const found = await letters.list({ service: options.service, code: options.code, limit: limit + 1 });
    if (found.length === 0) screen.notice('No dead letters.');
    for (const letter of found.slice(0, limit)) {
      const { id, service, problem, attempts, time, fields } = letter;
      screen.data(options.json === true
        ? JSON.stringify(letter)
        : `${id}  ${harmless(service).padEnd(18)}  ${oneLine(fields['type'] ?? '', 24).padEnd(24)}  ${harmless(problem.code)}  ${attempts}×  ${time.slice(0, 16).replace('T', ' ')}  ${oneLine(fields['correlationid'] ?? '', 36)}`);
    }
    if (found.length > limit) screen.notice(`and more; --limit shows them`);
    return exitCodes.done;
  });
}

/** Shows one dead letter with every attempt and the entry's fields. */
export async function show(id: string, options: DlqOptions, context: CommandContext): Promise<number> {
  return withLetters(options, context, async (letters) => {
    const letter = await letters.require(id, options.service);
    const { screen } = context;
    if (options.json === true) return screen.data(JSON.stringify(letter)), exitCodes.done;
    screen.data(`${letter.id}  ${harmless(letter.service)}  from ${harmless(letter.stream)} ${harmless(letter.entryId)}  ${letter.time}`);
    for (const { time, code, message } of letter.failed) screen.data(`  ${time}  ${harmless(code)}  ${oneLine(message, 200)}`);
    for (const [name, value] of Object.entries(letter.fields)) screen.data(`  ${oneLine(name, 40)}: ${oneLine(value, 2_000)}`);
    reportProblem(letter.problem, screen);
    return exitCodes.done;
  });
}

/** Delivers dead letters once more to their service. Ends with 3 when one could not be. */
export async function retry(id: string | undefined, options: DlqOptions, context: CommandContext): Promise<number> {
  return withLetters(options, context, async (letters) => {
    const refused: Problem[] = [];
    const chosen = await meant(letters, id, options);
    for (const letter of chosen) {
      const problem = await letters.retry(letter).then(() => undefined, (error: unknown) => asCascadeError(error).toProblem());
      if (problem !== undefined) refused.push(problem);
      if (options.json === true) context.screen.data(JSON.stringify({ service: letter.service, id: letter.id, retried: problem === undefined, problem }));
      else if (problem !== undefined) context.screen.notice(`${letter.service} ${letter.id}:`);
      if (problem !== undefined && options.json !== true) reportProblem(problem, context.screen);
    }
    if (options.json !== true) context.screen.notice(`${count(chosen.length - refused.length)} delivered again${refused.length === 0 ? '' : `, ${refused.length} not`}.`);
    return refused.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}

/** Removes dead letters for good. */
export async function drop(id: string | undefined, options: DlqOptions, context: CommandContext): Promise<number> {
  return withLetters(options, context, async (letters) => {
    let dropped = 0;
    for (const letter of await meant(letters, id, options)) dropped += await letters.drop(letter) ? 1 : 0;
    if (options.json === true) context.screen.data(JSON.stringify({ dropped }));
    else context.screen.notice(`${count(dropped)} removed.`);
    return exitCodes.done;
  });
}

const count = (letters: number): string => (letters === 1 ? '1 dead letter' : `${letters} dead letters`);

function withLetters(options: DlqOptions, context: CommandContext, fn: (letters: AllDeadLetters) => Promise<number>): Promise<number> {
  return withPlace(context, isRemote(context.env, options.remote), (place) => withPartitions(place, (partitions) => fn(new AllDeadLetters(partitions))));
}

/** Throws `CASC_USAGE` unless it is clear which ones are meant: removing or repeating all of them must be said. */
async function meant(letters: AllDeadLetters, id: string | undefined, options: DlqOptions): Promise<StoredLetter[]> {
  const isAll = options.all === true || options.code !== undefined;
  if ((id !== undefined) === isAll) throw terminal('CASC_USAGE', 'Which dead letters are meant?', { advice: 'Name one by its id, or all of an error with --code, or all of them with --all; --service narrows it. `cascade dlq list` shows them.' });
  return id === undefined ? letters.list({ service: options.service, code: options.code }) : [await letters.require(id, options.service)];
}
