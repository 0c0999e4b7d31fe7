export interface Trailer {
  readonly name: string;
  readonly value: string;
}

export interface CommitText {
  readonly subject: string;
  readonly body: string;
  readonly trailers: readonly Trailer[];
}

const oneLine = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();

/** Control characters would hide text on a terminal; git keeps no NUL. */
const clean = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').split('\n').map((line) => line.trimEnd()).join('\n').trim();

/**
 * A commit's message: subject, body, and a block of trailers that `git interpret-trailers` reads, whatever the body
 * holds. A value cannot start a trailer of its own: it is one line.
 */
export function commitMessage(text: CommitText): string {
  const body = clean(text.body);
  const trailers = text.trailers.map(({ name, value }) => `${name}: ${oneLine(value)}`).join('\n');
  return `${[oneLine(text.subject) || 'Change', body, trailers].filter((part) => part !== '').join('\n\n')}\n`;
}
