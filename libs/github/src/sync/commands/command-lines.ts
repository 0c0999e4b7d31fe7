/** Elements whose content is folded away, quoted or shown as it is: nothing in them is said by the author. */
const container = /<(details|pre|code|blockquote|template|textarea|script|style|title|svg|math|kbd|samp|del|s|sub|sup)(?=[\s/>]|$)/i;
const fenceStart = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})/;
const listFence = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)+)(`{3,}|~{3,})/;
/** With one of these in a line, the lines after it may be part of code, a quote, a link, a tag or a list item. */
const mayReachOn = /[`<>[\]!~|$\\]|^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const fences = /`{3}|~{3}/;
const wholeTag = /<\/?[a-z](?:"[^"]*"|'[^']*'|[^'">]){0,500}>/gi;

/** How a line stands to the hidden part before it: in it; its last line, with or without anything that may reach on; or behind it already. */
type Place = 'in' | 'last' | 'last-may-reach-on' | 'behind';
type Hidden = (line: string) => Place;
const toTheEnd: Hidden = () => 'in';

interface Scan {
  hidden: Hidden | undefined;
  /** Nothing in the paragraph so far can reach over the end of its line. */
  isPlain: boolean;
  /** A tag begins a line of the paragraph: then fences in it are none. */
  isHtml: boolean;
}

/**
 * Numbers of the lines that a reader sees as the author's own plain words, at the start of a line: outside code, quotes,
 * comments, HTML that hides or quotes, link definitions, and what goes on from the line before. What is unsure is left
 * out. (Blocks as in the GitHub Flavored Markdown Spec 0.29, sections 4.5, 4.6, 5.1 and 5.2.)
 */
export function plainLines(lines: readonly string[]): Set<number> {
  const scan: Scan = { hidden: undefined, isPlain: true, isHtml: false };
  return new Set(lines.flatMap((line, index) => (isPlainLine(line, scan) ? [index] : [])));
}

function isPlainLine(line: string, scan: Scan): boolean {
  const place = scan.hidden?.(line) ?? 'behind';
  if (scan.hidden !== undefined && place !== 'in') Object.assign(scan, { hidden: undefined, isPlain: place === 'last', isHtml: place !== 'last' });
  if (place !== 'behind') return false;
  if (line.trim() === '') {
    Object.assign(scan, { isPlain: true, isHtml: false });
    return false;
  }
  scan.isHtml ||= /^[\s>*+\-\d.)]*</.test(line);
  scan.hidden = scan.isHtml && fences.test(line) ? toTheEnd : opened(line);
  const wasPlain = scan.isPlain;
  scan.isPlain &&= !mayReachOn.test(line);
  return wasPlain && scan.hidden === undefined && !/^[\s>]/.test(line);
}

function opened(line: string): Hidden | undefined {
  const fence = fenceStart.exec(line);
  if (fence !== null) return inFence(fence[1]?.length ?? 0, fence[2] ?? '');
  const list = listFence.exec(line);
  if (list !== null) return inListFence(list[1]?.length ?? 0, list[2] ?? '');
  if (opensComment(line)) return fences.test(line) ? toTheEnd : inComment();
  const tag = container.exec(line)?.[1];
  if (tag !== undefined) return inElement(tag);
  // A tag, an instruction or a declaration without its end: for a browser it may reach over everything that follows.
  return /<(?:\/?[a-z]|\?|!\[|![a-z])/i.test(line.replace(wholeTag, ' ')) ? toTheEnd : undefined;
}

const opensComment = (line: string): boolean => line.lastIndexOf('<!--') > line.lastIndexOf('-->');
const closes = (line: string, fence: string): boolean => new RegExp(`^ {0,3}[${fence[0]}]{${fence.length},}[ \\t]*$`).test(line);
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** An indented fence may belong to a list item, which text further left ends: from then on nobody knows which fence opens and which closes. */
function inFence(indent: number, fence: string): Hidden {
  let isSure = true;
  return (line) => {
    isSure &&= line.trim() === '' || indentOf(line) >= indent;
    return isSure && closes(line, fence) ? 'last' : 'in';
  };
}

/** Where the comment is text, because it began in code, a fence in it is a real one: from then on nobody knows. */
function inComment(): Hidden {
  let isSure = true;
  return (line) => {
    isSure &&= !fences.test(line);
    return isSure && line.includes('-->') && !opensComment(line) ? 'last-may-reach-on' : 'in';
  };
}

/** A fence in a list item ends with its closing line or with the item: at the first text that stands further left. */
function inListFence(offset: number, fence: string): Hidden {
  return (line) => {
    if (line.trim() !== '' && indentOf(line) < offset) return 'behind';
    return closes(line.trimStart(), fence) ? 'last-may-reach-on' : 'in';
  };
}

/** Ends with its closing tag alone on a line; never, when before it there is code or the element once more: the tag may then be text. */
function inElement(tag: string): Hidden {
  const again = new RegExp(`<${tag}(?=[\\s/>]|$)`, 'i');
  let isSure = true;
  return (line) => {
    if (isSure && line.trim().toLowerCase() === `</${tag.toLowerCase()}>`) return 'last-may-reach-on';
    isSure &&= !/[`~]|<!/.test(line) && !again.test(line);
    return 'in';
  };
}
