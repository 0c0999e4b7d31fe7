import { canonicalText } from './canonical-text.js';
import { blockText, MAX_BODY, type ManagedBlock } from './managed-block.js';
import type { Marks } from './marks.js';
import { ticksIn, withoutTicks, withTicks } from './ticks.js';

/** An issue's body taken apart. `before` and `after` are people's, as they came; nothing else of the body is. */
export interface ParsedBody {
  readonly before: string;
  readonly after: string;
  readonly block: {
    /** As it stands there, canonical, with its ticks. */
    readonly text: string;
    /** Nobody rewrote it; ticks aside. */
    readonly isIntact: boolean;
    /** Both its marks are there. */
    readonly isMarked: boolean;
  } | undefined;
  readonly hasMarker: boolean;
}

/**
 * Takes a body apart, whatever was done to it. The managed block is what lies between the first closing mark and the
 * nearest opening mark before it, so of nested and doubled ones the innermost first counts and everything else is
 * people's. Where a mark was cut away, one of `lastBlocks`, the block as written last, is recognised by its text. Only the last
 * marker is ours.
 */
export function parseBody(body: string, key: string, marks: Marks, lastBlocks: readonly (string | undefined)[] = []): ParsedBody {
  const marker = marks.lastIssueMark(key, body);
  const text = marker === undefined ? body : joined(body.slice(0, marker.start), body.slice(marker.end));
  const hasMarker = marker !== undefined;
  const found = marks.blockMarks(key, text);
  const close = found.findIndex((mark, index) => mark.sum === undefined && found[index - 1]?.sum !== undefined);
  const [open, end] = [found[close - 1], found[close]];
  if (open?.sum !== undefined && end !== undefined) {
    const content = canonicalText(text.slice(open.end, end.start));
    return { before: text.slice(0, open.start), after: text.slice(end.end), block: { text: content, isIntact: marks.isIntact(key, withoutTicks(content), open.sum), isMarked: true }, hasMarker };
  }
  return { ...withoutLastBlock(text, key, marks, lastBlocks), hasMarker };
}

/** Marks hold no line break, so no mark comes into being where two pieces meet. */
const joined = (left: string, right: string): string => (/(?:^|\n)$/.test(left) || /^(?:\r?\n|$)/.test(right) ? left + right : `${left}\n${right}`);

function withoutLastBlock(text: string, key: string, marks: Marks, lastBlocks: readonly (string | undefined)[]): Omit<ParsedBody, 'hasMarker'> {
  const unix = text.replace(/\r\n?/g, '\n');
  const block = lastBlocks.find((one) => one !== undefined && one !== '' && unix.includes(one));
  if (block === undefined) return { before: '', after: text, block: undefined };
  const at = unix.indexOf(block);
  const lone = (side: string): string => marks.blockMarks(key, side).toReversed().reduce((rest, mark) => joined(rest.slice(0, mark.start), rest.slice(mark.end)), side);
  return { before: lone(unix.slice(0, at)), after: lone(unix.slice(at + block.length)), block: { text: block, isIntact: true, isMarked: false } };
}

/** People's part of a body, canonical: what stands above the managed block and what stands below. */
export const peopleText = (body: Pick<ParsedBody, 'before' | 'after'>): string => [body.before, body.after].map(canonicalText).filter((text) => text !== '').join('\n\n');

/**
 * The body with this managed block: people's text where it was, as it was. Only our block is ever shortened. Throws
 * CASC_GITHUB_BODY_TOO_LONG when people's text leaves it no room.
 */
export function composeBody(people: Pick<ParsedBody, 'before' | 'after'>, block: ManagedBlock, ticked: readonly string[], key: string, marks: Marks): { readonly body: string; readonly block: string } {
  const frame = (content: string): string => {
    const ours = `${marks.begin(key, withoutTicks(content))}\n${content}\n${marks.end(key)}`;
    const above = people.before === '' || people.before.endsWith('\n') ? people.before : `${people.before}\n\n`;
    const below = people.after.trim() === '' ? '' : `${/^\r?\n/.test(people.after) ? '' : '\n\n'}${people.after.trimEnd()}`;
    return `${above}${ours}${below}\n\n${marks.issue(key)}`;
  };
  const content = canonicalText(withTicks(blockText(harmless(block), MAX_BODY - frame('').length), ticked));
  return { body: frame(content), block: content };
}

/** A block opens no comment, hence holds no mark. */
const harmless = (block: ManagedBlock): ManagedBlock => ({ ...block, head: block.head.replaceAll('<!', '&lt;!'), sections: block.sections.map((text) => text.replaceAll('<!', '&lt;!')) });

/** Ids that a block's text has, with their ticks. */
export const blockTicks = (body: ParsedBody): Map<string, boolean> => ticksIn(body.block?.text ?? '');
