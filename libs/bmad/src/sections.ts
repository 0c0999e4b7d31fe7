import { terminal } from '@cascade/contracts';

export interface Section {
  readonly level: number;
  readonly title: string;
  /** Lines up to the next heading of any level, without surrounding empty lines. */
  readonly body: string;
}

/** A document's headings in order with what stands below each; headings inside code fences are text. */
export function splitSections(markdown: string): Section[] {
  const sections: { level: number; title: string; lines: string[] }[] = [];
  let fence = '';
  for (const line of markdown.replace(/\r\n?/g, '\n').split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    const heading = fence === '' ? /^(#{1,6}) +(.*?) *$/.exec(line) : null;
    if (heading !== null) {
      sections.push({ level: heading[1]?.length ?? 1, title: heading[2] ?? '', lines: [] });
      continue;
    }
    if (mark !== '') fence = fence === '' ? mark : mark.startsWith(fence) ? '' : fence;
    sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ level, title, lines }) => ({ level, title, body: lines.join('\n').trim() }));
}

/** The error of every parser in this package: what document it is, and what is missing or wrong. */
export function documentInvalid(kind: string, problem: string): Error {
  return terminal('CASC_BMAD_DOCUMENT_INVALID', `This is not a ${kind} that can be read: ${problem}.`, {
    advice: 'Restore the headings and list forms of the BMAD v4 template, or let Cascade write the document again.',
  });
}

/** The section's body; throws CASC_BMAD_DOCUMENT_INVALID when the document has no such heading. */
export function sectionBody(kind: string, sections: readonly Section[], title: string): string {
  const found = sections.find((section) => section.title === title);
  if (found === undefined) throw documentInvalid(kind, `the heading "${title}" is missing`);
  return found.body;
}

/** The first capture group of `pattern` in `body`; throws CASC_BMAD_DOCUMENT_INVALID when it does not match. */
export function capture(kind: string, body: string, pattern: RegExp, what: string): string {
  const found = pattern.exec(body)?.[1];
  if (found === undefined) throw documentInvalid(kind, `${what} is missing`);
  return found;
}
