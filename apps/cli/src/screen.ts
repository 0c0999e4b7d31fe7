import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command writes: data (results) to stdout, everything for people's eyes (progress, notices, errors) to stderr.
 * Colours only where the stream shows them (a terminal, and no NO_COLOR).
 */
export interface Screen {
  data(line: string): void;
  notice(line: string): void;
  /** Text for `notice`, in a style. */
  style(style: Style, text: string): string;
  /** Text for `data`, in a style. */
  dataStyle(style: Style, text: string): string;
  /** The terminal to draw a live view on; undefined when stderr is none. */
  readonly terminal: NodeJS.WriteStream | undefined;
  /** Where a person types; undefined when nobody can be asked, because stdin or stderr is no terminal. */
  readonly keyboard: NodeJS.ReadStream | undefined;
}

export function processScreen(): Screen {
  const { stdout, stderr } = process;
  // `cascade list | head`: whoever read has seen enough; the command still ends in good order.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  return {
    data: (line) => void stdout.write(`${line}\n`),
    notice: (line) => void stderr.write(`${line}\n`),
    style: (style, text) => styleText(style, text, { stream: stderr }),
    dataStyle: (style, text) => styleText(style, text, { stream: stdout }),
    keyboard: process.stdin.isTTY && stderr.isTTY ? process.stdin : undefined,
    terminal: stderr.isTTY && process.env['TERM'] !== 'dumb' ? stderr : undefined,
  };
}

/** Text from models, repositories and events must not steer the terminal: control characters become visible. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => (character === '\r' ? '' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`));
}

/** The first line of a text, at most `width` characters long. */
export function oneLine(text: string, width: number): string {
  const line = harmless(text).replace(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
