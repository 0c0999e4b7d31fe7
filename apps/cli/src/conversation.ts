import { asCascadeError, inputGiven, terminal } from '@cascade/contracts';
import { Questions, type CascadeRecord, type OpenQuestion } from '@cascade/state';
import { createConnection, type RedisSettings } from '@cascade/streams';
import { tellQuestion, waitingText } from './ending.js';
import { readAnswer } from './read-answer.js';
import { reportProblem } from './report-problem.js';
import { harmless, type Screen } from './screen.js';
import { showDocument } from './show-document.js';
import type { View } from './views.js';

export interface Talking {
  readonly redis: RedisSettings;
  readonly screen: Screen;
  readonly command: string;
  readonly json: boolean;
  /** Ask the person at this terminal; otherwise they are told how to answer from another one. */
  readonly ask: boolean;
  readonly view: View;
}

interface Asking {
  readonly name: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * What is said to the person about a cascade's questions while it is followed. Nothing is asked → a question of the
 * record is asked, and the view stands still → it is answered here or elsewhere, or put off (^D) → nothing is asked.
 * A question is told or asked once.
 */
export class Conversation {
  private asking: Asking | undefined;
  private readonly told = new Set<string>();

  constructor(private readonly talking: Talking) {}

  /** Brings what is asked to the record. */
  update(record: CascadeRecord): void {
    if (this.asking !== undefined && !record.questions.some((question) => question.name === this.asking?.name)) this.asking.abort.abort('settled');
    const open = record.questions.filter((question) => !this.told.has(question.name));
    if (open.length === 0 || this.asking !== undefined) return;
    const asked = this.talking.ask ? open.slice(0, 1) : open;
    for (const question of asked) this.told.add(question.name);
    if (this.talking.ask) this.begin(record, asked[0]!);
    else this.tell(record, asked);
  }

  /** Takes a question that is still asked off the screen. */
  async close(): Promise<void> {
    this.asking?.abort.abort();
    await this.asking?.done;
  }

  private tell(record: CascadeRecord, questions: readonly OpenQuestion[]): void {
    const { screen, command, json } = this.talking;
    if (json) return screen.data(JSON.stringify({ type: 'waiting', id: record.id, questions, deadline: record.deadline, deadlineLeftMs: record.deadlineLeftMs }));
    screen.notice(`\n${waitingText(record)}`);
    for (const question of questions) tellQuestion(record.id, question, screen, command);
  }

  private begin(record: CascadeRecord, question: OpenQuestion): void {
    const abort = new AbortController();
    const done = this.converse(record, question, abort.signal).catch((error: unknown) => reportProblem(asCascadeError(error).toProblem(), this.talking.screen));
    this.asking = { name: question.name, abort, done: done.then(async () => {
      this.asking = undefined;
      await this.talking.view.resume();
    }) };
  }

  private async converse(record: CascadeRecord, question: OpenQuestion, signal: AbortSignal): Promise<void> {
    const { screen, command, view, redis } = this.talking;
    await view.pause();
    screen.notice(`${waitingText(record)}\n`);
    screen.notice(`${screen.style('bold', indented(question.text))}\n`);
    screen.notice(screen.style('dim', 'Your answer, in one line. `show <path>` prints a document, ^D answers later.'));
    for (;;) {
      const line = await readAnswer(screen, signal);
      if (signal.aborted) return signal.reason === 'settled' ? screen.notice('This question needs no answer any more.') : undefined;
      if (line === undefined) return tellQuestion(record.id, { ...question, text: '' }, screen, command);
      const document = /^(?:cascade )?show (?:\S+ )?(\S+)$/.exec(line)?.[1];
      if (document === undefined) return giveAnswer(redis, record.id, question.name, line);
      await showDocument({ redis, id: record.id, path: document, screen }).catch((error: unknown) => reportProblem(asCascadeError(error).toProblem(), screen));
    }
  }
}

const indented = (text: string): string => `  ${harmless(text).replaceAll('\n', '\n  ')}`;

/**
 * Gives an answer without a service's help: so it is known at once whether it was taken, and a cascade can be answered
 * while nothing runs. Throws `CASC_USAGE` for an answer that is too long, and what `Questions.answer` throws.
 */
export async function giveAnswer(settings: RedisSettings, id: string, name: string, answer: string): Promise<void> {
  const parsed = inputGiven.schema.safeParse({ name, answer });
  if (!parsed.success) throw terminal('CASC_USAGE', `The answer is not valid: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const redis = createConnection({ ...settings, name: 'cascade-answer', role: 'commands' });
  redis.on('error', () => undefined); // it connects again by itself
  try {
    await new Questions(redis).answer(id, name, answer);
  } finally {
    redis.disconnect();
  }
}
