import { Cuts } from './cuts.js';
import { countLines } from './decode-text.js';
import type { DocPage, DocumentFacts } from './file-facts.js';
import { UniqueKeys } from './unique-keys.js';

interface Section {
  readonly level: number;
  readonly title: string;
  readonly startLine: number;
  readonly text: string[];
}

const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const setext = /^ {0,3}(=+|-+)[ \t]*$/;
/** Lines of which `---` below makes no heading: lists, quotes, tables, other headings. */
const notParagraph = /^\s*(?:[-*+>|#]|\d+[.)]|$)/;

/**
 * A Markdown document as the sections between its headings (https://spec.commonmark.org/0.31.2/, ATX and setext). What
 * stands before the first heading is a section without a title. Headings in fences and comments are text.
 */
export function readMarkdown(path: string, text: string): DocumentFacts {
  const cuts = new Cuts();
  const sections = splitSections(text).filter((section) => section.title !== '' || section.text.some((line) => line.trim() !== ''));
  const headings: { level: number; title: string }[] = [];
  const keys = new UniqueKeys();
  const pages: DocPage[] = [];
  for (const section of sections) {
    while ((headings.at(-1)?.level ?? 0) >= section.level) headings.pop();
    if (section.title !== '') headings.push({ level: section.level, title: cuts.text(section.title, 'name') });
    const path = headings.map(({ title }) => title);
    const name = cuts.text(path.join(' > '), 'qualifiedName');
    const page: DocPage = {
      key: keys.key(name), title: path.at(-1) ?? '', headings: path,
      text: cuts.text(section.text.join('\n').trim(), 'section'), startLine: section.startLine, endLine: endOf(section),
    };
    if (!cuts.push(pages, page, 'sections')) break;
  }
  return { status: 'document', path, lines: countLines(text), cut: cuts.names(), pages };
}

/** Its last line that is not empty. */
function endOf({ startLine, text, title }: Section): number {
  const last = text.findLastIndex((line) => line.trim() !== '');
  return Math.max(startLine, startLine + last + (title === '' ? 0 : 1));
}

function splitSections(text: string): Section[] {
  let current: Section = { level: 7, title: '', startLine: 1, text: [] };
  const sections = [current];
  const inside = new Verbatim();
  text.split('\n').forEach((line, index) => {
    const verbatim = inside.take(line, index);
    const heading = verbatim ? null : atx.exec(line);
    const above = current.text.at(-1) ?? '';
    if (heading !== null) sections.push(current = { level: heading[1]?.length ?? 1, title: plain(heading[2] ?? ''), startLine: index + 1, text: [] });
    else if (!verbatim && setext.test(line) && !notParagraph.test(above)) {
      current.text.pop();
      // The title's own line is the section's first, so the rule beneath it is an empty first line of text.
      sections.push(current = { level: line.includes('=') ? 1 : 2, title: plain(above), startLine: index, text: [''] });
    } else current.text.push(line);
  });
  return sections;
}

/** Fences, HTML comments and front matter: their lines are never headings. */
class Verbatim {
  private fence = '';
  private comment = false;
  private matter = false;

  take(line: string, index: number): boolean {
    if (index === 0 && line === '---') this.matter = true;
    else if (this.matter) {
      this.matter = line !== '---';
      return true;
    }
    if (this.matter) return true;
    const mark = this.comment ? '' : /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1] ?? '';
    if (this.fence !== '') {
      if (mark.startsWith(this.fence) && line.trim() === mark) this.fence = '';
      return true;
    }
    if (mark !== '') this.fence = mark;
    const was = this.comment;
    if (mark === '') this.comment = was ? !line.includes('-->') : /^ {0,3}<!--(?![^]*-->)/.test(line);
    return was || this.comment || mark !== '';
  }
}

/** A heading without the marks for emphasis, code and links. */
const plain = (heading: string): string => heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]|\\(?=[!-/:-@[-`{-~])/g, '').trim();
