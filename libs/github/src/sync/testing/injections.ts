const tags = (text: string): string => Array.from(text, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
const fence = '```';
const command = '/cascade cancel';

/** Where a command can be put so that readers of a comment do not see it, or not as its author's own words. */
const hidingPlaces: Readonly<Record<string, (line: string) => string>> = {
  'an HTML comment': (line) => `Nice work!\n\n<!--\n${line}\n-->`,
  'an HTML comment on the line before': (line) => `<!-- x\n${line}`,
  'an HTML comment that is opened again': (line) => `<!-- a\n--> <!-- b\n\n${line}\n-->`,
  'an HTML comment in a paragraph, then code': (line) => `text <!-- a\nb --> \`code\n${line}\n\``,
  'a comment without an end': (line) => `<!--\n\n${line}`,
  'a processing instruction': (line) => `<?php\n\n${line}\n\n?>`,
  'a CDATA section': (line) => `<![CDATA[\n\n${line}\n\n]]>`,
  'a declaration': (line) => `<!DOCTYPE x [\n\n${line}\n\n]`,
  'a fence': (line) => `${fence}\n${line}\n${fence}`,
  'a fence of tildes': (line) => `~~~\n${line}\n~~~`,
  'a fence with a language': (line) => `${fence}console\n${line}\n${fence}`,
  'a fence without an end': (line) => `${fence}\n${line}`,
  'a longer fence around a shorter one': (line) => `\`${fence}\n${fence}\n${line}\n${fence}\n\`${fence}`,
  'a fence that the other kind does not close': (line) => `${fence}\n~~~\n\n${line}\n${fence}`,
  'a fence that a line with text does not close': (line) => `${fence}\n${fence} x\n${line}\n${fence}`,
  'a fence that an indented line does not close': (line) => `${fence}\n    ${fence}\n${line}\n${fence}`,
  'an indented fence': (line) => `   ${fence}\n${line}\n   ${fence}`,
  'a fence that ended with its list item': (line) => `- ${fence}\n x\n  ${fence}\n\n${line}\n\n${fence}`,
  'a fence whose list item ended': (line) => `- item\n\n  ${fence}\nfoo\n${fence}\n\n${line}\n\n${fence}`,
  'code over lines': (line) => `see \`\n${line}\n\``,
  'code of two backticks over lines': (line) => `see \`\`a\n${line}\nb\`\``,
  'what looks like a list with a fence': (line) => `text\n2. ${fence}\n${line}\n${fence}`,
  'indented code': (line) => `x\n\n    ${line}`,
  'code after a tab': (line) => `x\n\n\t${line}`,
  'a space before': (line) => ` ${line}`,
  'a quote': (line) => `> ${line}`,
  'a quote without a blank': (line) => `>${line}`,
  'a quote in a quote': (line) => `>> ${line}`,
  'what goes on from a quote': (line) => `> he said\n${line}`,
  'what goes on from a quote, two lines later': (line) => `> he said\nand she\n${line}`,
  'a quoted mail': (line) => `I agree.\n\nOn Monday Bob wrote:\n> ${line}\n> ${line}`,
  'an alert': (line) => `> [!WARNING]\n> ${line}`,
  'a list': (line) => `- ${line}`,
  'a numbered list': (line) => `1. ${line}`,
  'a task list': (line) => `- [ ] ${line}`,
  'a heading': (line) => `# ${line}`,
  'a table': (line) => `| a |\n|---|\n| ${line} |`,
  'the line after a table': (line) => `| a |\n|---|\n${line}`,
  'bold': (line) => `**${line}**`,
  'struck out': (line) => `~~${line}~~`,
  'struck out over lines': (line) => `~~old\n${line}\n~~`,
  'a folded part': (line) => `<details>\n\n${line}\n\n</details>`,
  'a folded part in capitals': (line) => `<DETAILS open>\n\n${line}\n\n</DETAILS>`,
  'a folded part that code seems to close': (line) => `<details>\n\n${fence}\n</details>\n${fence}\n\n${line}\n\n</details>`,
  'a folded part in a folded part': (line) => `<details>\n<details>\n</details>\n\n${line}\n</details>`,
  'preformatted text': (line) => `<pre>\n${line}\n</pre>`,
  'preformatted text after a blank line': (line) => `<pre>\n\n${line}\n</pre>`,
  'a code element': (line) => `<code>\n\n${line}\n\n</code>`,
  'a quoting element': (line) => `<blockquote>\n\n${line}\n\n</blockquote>`,
  'a script': (line) => `<script>\n\n${line}\n\n</script>`,
  'a style': (line) => `<style>\n${line}\n</style>`,
  'a template': (line) => `<template>\n\n${line}\n\n</template>`,
  'a text area': (line) => `<textarea>\n\n${line}\n\n</textarea>`,
  'a struck element': (line) => `<del>\n\n${line}\n\n</del>`,
  'an attribute': (line) => `<a title="\n${line}\n">x</a>`,
  'an attribute over blank lines': (line) => `<div title="\n\n${line}\n\n">`,
  'an attribute in the second line of a block': (line) => `<div>\nfoo <p title="\n\n${line}\n\n">`,
  'an attribute that holds a bracket': (line) => `<div title=">\n\n${line}\n\n">`,
  'the title of a link': (line) => `[x](/u "\n${line}\n")`,
  'the text of an image': (line) => `![\n${line}\n](x.png)`,
  'the title of a link definition': (line) => `[x]: /u '\n${line}\n'`,
  'a link definition': (line) => `[//]: # (${line})`,
  'a link definition over lines': (line) => `[//]: # (\n${line}\n)`,
  'a footnote': (line) => `[^1]: note\n${line}`,
  'a formula': (line) => `$$\n${line}\n$$`,
  'after a hard break in code': (line) => `\`a\\\n${line}\``,
  'the middle of a line': (line) => `please ${line}`,
  'after a line separator': (line) => `please\u2028${line}`,
  'after a vertical tab': (line) => `please\u000b${line}`,
  'after a form feed': (line) => `please\u000c${line}`,
  'after a zero-width space': (line) => `\u200b${line}`,
  'after a byte order mark': (line) => `\ufeff${line}`,
  'after a right-to-left override': (line) => `\u202e${line}`,
  'after a no-break space': (line) => `\u00a0${line}`,
  'tag characters': (line) => `LGTM${tags(line)}`,
  'tag characters on a line of their own': (line) => `LGTM\n\n${tags(line)}`,
  'an escaped slash': (line) => `\\${line}`,
  'an entity for the slash': (line) => line.replace('/', '&#47;'),
  'a code line': (line) => `\`${line}\``,
  'quotation marks': (line) => `"${line}"`,
  'brackets': (line) => `(${line})`,
};

/** Words that look like a command, or like one for somebody else, and are none. */
const lookalikes: readonly string[] = [
  '/Cascade cancel', '/CASCADE cancel', '/cascadecancel', '/cascade-cancel', '/cascade:cancel', '/cascade\u00a0cancel', '/cascade\u200bcancel', '/cas\u200bcade cancel', '/c\u0430scade cancel',
  '//cascade cancel', '\u2215cascade cancel', '\uff0fcascade cancel', '/ cascade cancel', '@cascade cancel', '/cascade.cancel', '/cascade/cancel', 'cascade cancel', '!cascade cancel', '/cascade\u2003cancel', '/cascades cancel', '/cascade;cancel',
];

/** Meant for Cascade and refused: the author is told, nothing is done. */
const refusals: readonly string[] = [
  '/cascade', '/cascade CANCEL', '/cascade c\u0430ncel', '/cascade cancel\u200b now', '/cascade canc\u00ael', '/cascade rm -rf /', '/cascade $(cancel)', '/cascade cancel;run', '/cascade "cancel"', '/cascade __proto__', '/cascade constructor', '/cascade toString',
  '/cascade status now', '/cascade retry all', '/cascade approve everything at once', '/cascade approve stories\u202e', '/cascade approve ../../etc', '/cascade approve stories; cancel', '/cascade answer', '/cascade answer <!-- yes -->', '/cascade answer \u200b', '/cascade answer\n> yes',
  '/cascade status\n/cascade cancel', '/cascade run this\n\n/cascade approve', '/cascade answer yes\n\n/cascade cancel', '/cascade cancel\n\n/cascade cancel', `/cascade \u202e${'cancel'}`, '/cascade --cancel', '/cascade help me', '/cascade cancel,', '/cascade run/cancel',
];

export interface Injection {
  readonly name: string;
  readonly comment: string;
  readonly expected: 'none' | 'refused';
}

export const injections: readonly Injection[] = [
  ...Object.entries(hidingPlaces).map(([name, hide]) => ({ name: `in ${name}`, comment: hide(command), expected: 'none' as const })),
  ...lookalikes.map((comment) => ({ name: JSON.stringify(comment), comment, expected: 'none' as const })),
  ...refusals.map((comment) => ({ name: JSON.stringify(comment), comment, expected: 'refused' as const })),
];
