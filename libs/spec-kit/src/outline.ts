import { z } from 'zod';
import { finding, specInvalid, type Finding } from './finding.js';
import { decodeText } from './line.js';

/** A Markdown document cut at its headings. `lines` are the non-empty lines between a heading and the next. */
export interface Section {
  readonly level: number;
  readonly heading: string;
  readonly lines: readonly string[];
}

/** Bound of one document's text; past it parsing is refused. */
export const MAX_DOCUMENT_CHARACTERS = 1_000_000;

/** Cuts a document into sections; headings inside fenced blocks do not count. The first section has level 0. */
export function readSections(file: string, markdown: string): Section[] {
  if (markdown.length > MAX_DOCUMENT_CHARACTERS) {
    throw specInvalid(file, [finding('DOCUMENT_TOO_LARGE', `has more than ${MAX_DOCUMENT_CHARACTERS} characters`, file)]);
  }
  const sections: { level: number; heading: string; lines: string[] }[] = [{ level: 0, heading: '', lines: [] }];
  let fenced = false;
  for (const text of markdown.split(/\r?\n/)) {
    if (text.startsWith('```')) fenced = !fenced;
    const match = fenced ? null : /^(#{1,6}) (.+)$/.exec(text);
    if (match?.[1] !== undefined && match[2] !== undefined) sections.push({ level: match[1].length, heading: match[2], lines: [] });
    else if (text.trim() !== '') sections.at(-1)?.lines.push(text);
  }
  return sections;
}

/** The cells of a table row: cut at every `|` that no backslash escapes. */
const cells = (row: string): string[] => [...`${row}|`.matchAll(/((?:\\.|[^|\\])*)\|/g)].map((cell) => decodeText((cell[1] ?? '').trim()));

/** Reads a document piece by piece and collects what it does not find, so that one error names everything. */
export class Outline {
  readonly findings: Finding[] = [];
  readonly sections: readonly Section[];

  constructor(readonly file: string, markdown: string) {
    this.sections = readSections(file, markdown);
  }

  problem(code: string, message: string): void {
    this.findings.push(finding(code, message, this.file));
  }

  /** The heading after `prefix` at this level, e.g. the title of `# Tasks: …`. */
  titled(level: number, prefix: string): Section {
    const found = this.sections.find((section) => section.level === level && section.heading.startsWith(prefix));
    if (found === undefined) this.problem('HEADING_MISSING', `has no heading "${'#'.repeat(level)} ${prefix}…"`);
    return found === undefined ? { level, heading: '', lines: [] } : { ...found, heading: decodeText(found.heading.slice(prefix.length)) };
  }

  find(level: number, heading: string): Section | undefined {
    return this.sections.find((section) => section.level === level && section.heading === heading);
  }

  /** The section with this heading; a finding when there is none. */
  section(level: number, heading: string): Section {
    const found = this.find(level, heading);
    if (found === undefined) this.problem('HEADING_MISSING', `has no heading "${'#'.repeat(level)} ${heading}"`);
    return found ?? { level, heading, lines: [] };
  }

  /** The sections below one heading, up to the next heading of its level or above. */
  below(parent: Section): Section[] {
    const start = this.sections.findIndex((section) => section === parent);
    if (start < 0) return [];
    const rest = this.sections.slice(start + 1);
    const end = rest.findIndex((section) => section.level <= parent.level);
    return end < 0 ? rest : rest.slice(0, end);
  }

  /** The value of a metadata line `**Name**: value`, still encoded. */
  value(section: Section, name: string): string {
    const prefix = `**${name}**: `;
    const found = section.lines.find((text) => text.startsWith(prefix));
    if (found === undefined) this.problem('LINE_MISSING', `has no line "${prefix}…" under "${section.heading}"`);
    return found?.slice(prefix.length) ?? '';
  }

  /** Every line must match; what does not is a finding. */
  matches(lines: readonly string[], pattern: RegExp, form: string): string[][] {
    return lines.flatMap((text) => {
      const match = pattern.exec(text);
      if (match === null) this.problem('LINE_FORM', `has a line that is not of the form "${form}": ${text.slice(0, 120)}`);
      return match === null ? [] : [match.slice(1).map((group) => group ?? '')];
    });
  }

  /** The decoded texts of `- text` lines. */
  bullets(section: Section | undefined): string[] {
    return section === undefined ? [] : this.matches(section.lines, /^- (.+)$/, '- text').map(([text = '']) => decodeText(text));
  }

  /** The rows of a table below its header and rule, decoded. */
  rows(section: Section | undefined): string[][] {
    const lines = section?.lines.filter((text) => text.startsWith('|')).slice(2) ?? [];
    return lines.map((text) => cells(text.replace(/^\| ?| ?\|$/g, '')));
  }

  /** The typed document. Throws `CASC_SPEC_INVALID` with everything that was missing or malformed. */
  finish<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
    const parsed = schema.safeParse(value);
    if (this.findings.length === 0 && parsed.success) return parsed.data;
    const shape = parsed.success ? [] : parsed.error.issues.map((issue) => finding('DOCUMENT_SHAPE', `${issue.path.join('.')}: ${issue.message}`, this.file));
    throw specInvalid(this.file, this.findings.length > 0 ? this.findings : shape);
  }
}
