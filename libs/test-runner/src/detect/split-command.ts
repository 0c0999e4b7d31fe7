import { terminal, type CascadeError } from '@cascade/contracts';

const MAX_COMMAND = 2000;
const MAX_WORDS = 64;
/** What a shell would act on. Commands run without a shell, so these would be handed over as text and mean something else. */
const shellMeaning = /[|&;<>()$`*?[\]{}~!#\n\r]/;
/** Inside double quotes a shell still expands these. */
const quotedMeaning = /[$`]/;

export const invalidCommand = (command: string, why: string): CascadeError =>
  terminal('CASC_TEST_COMMAND_INVALID', `The test command ${JSON.stringify(command.slice(0, 200))} ${why}`, {
    advice: 'Give one program with its arguments, such as `npm test` or `python -m pytest -q`; put anything longer into a script.',
  });

interface Reading {
  readonly words: string[];
  word: string | undefined;
  quote: '"' | "'" | undefined;
}

function readQuoted(command: string, reading: Reading, at: number): number {
  const character = command[at]!;
  if (character === reading.quote) {
    reading.quote = undefined;
    return at;
  }
  if (reading.quote === '"' && quotedMeaning.test(character)) throw invalidCommand(command, `uses the shell's ${character}`);
  if (reading.quote === '"' && character === '\\' && /["\\]/.test(command[at + 1] ?? '')) {
    reading.word = (reading.word ?? '') + command[at + 1]!;
    return at + 1;
  }
  reading.word = (reading.word ?? '') + character;
  return at;
}

function readPlain(command: string, reading: Reading, at: number): number {
  const character = command[at]!;
  if (character === '"' || character === "'") {
    reading.quote = character;
    reading.word ??= '';
  } else if (character === ' ' || character === '\t') {
    if (reading.word !== undefined) reading.words.push(reading.word);
    reading.word = undefined;
  } else if (character === '\\' && at + 1 < command.length) {
    reading.word = (reading.word ?? '') + command[at + 1]!;
    return at + 1;
  } else if (shellMeaning.test(character)) {
    throw invalidCommand(command, `uses the shell's ${JSON.stringify(character)}`);
  } else {
    reading.word = (reading.word ?? '') + character;
  }
  return at;
}

/**
 * Splits a command into words as POSIX does (blanks, quotes, backslash), and refuses everything that only a shell understands.
 * Throws CASC_TEST_COMMAND_INVALID (terminal).
 */
export function splitCommand(command: string): string[] {
  if (command.length > MAX_COMMAND) throw invalidCommand(command, `is longer than ${MAX_COMMAND} characters`);
  const reading: Reading = { words: [], word: undefined, quote: undefined };
  for (let at = 0; at < command.length; at += 1) {
    at = reading.quote === undefined ? readPlain(command, reading, at) : readQuoted(command, reading, at);
  }
  if (reading.quote !== undefined) throw invalidCommand(command, 'has a quote that is never closed');
  if (reading.word !== undefined) reading.words.push(reading.word);
  if (reading.words.length === 0 || reading.words[0] === '') throw invalidCommand(command, 'names no program');
  if (reading.words.length > MAX_WORDS) throw invalidCommand(command, `has more than ${MAX_WORDS} words`);
  if (/^[A-Za-z_]\w*=/.test(reading.words[0]!)) throw invalidCommand(command, 'begins with a variable, which only a shell would set');
  return reading.words;
}
