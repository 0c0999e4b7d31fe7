import { escapeInline, tidyLine } from '@cascade/bmad';
import { cut } from './canonical-text.js';

const MAX_LINE = 500;

/**
 * A line of a model's or a repository's text inside an issue: no hidden comment, no tag, nobody is notified by an `@name`
 * in it, and no other issue gets a reference by its `#1`.
 */
export const inline = (text: string): string => escapeInline(cut(tidyLine(text), MAX_LINE)).replace(/\\?<(?=!)/g, '&lt;').replace(/#(?=\d)|(?<!\w)@(?=\w)/g, '$&&#8203;');

/** A path or name as code; nothing in it can end the code. */
export const code = (text: string): string => `\`${cut(tidyLine(text), MAX_LINE).replaceAll('`', "'")}\``;

export const bullet = (text: string): string => `- ${text}`;
export const task = (id: string, text: string): string => `- [ ] **${id}** ${text}`;

/** A heading and its lines; nothing when there are none. */
export const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [`### ${title}\n\n${lines.join('\n')}`]);
