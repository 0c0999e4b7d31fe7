/** A run of text and what it is. Text is only ever text: whoever shows it makes text nodes of it, no HTML. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly parts: readonly Inline[] };

/** Deeper marks within marks are shown as they stand. */
const MAX_DEPTH = 5;
/** Longest paragraph whose marks are looked for. */
const MAX_CHARACTERS = 50_000;

/** What is marked has a bound: without one, texts made for it would take quadratic time. */
const pattern = /\\([\\`*_{}[\]()#+.!~|>-])|(`+)([^]{0,1000}?[^`])\2(?!`)|(\*\*|__)(?=\S)([^]{0,400}?\S)\4|(?<![\w*])([*_])(?=[^\s*_])([^]{0,400}?[^\s*_])\6(?!\w)|~~(?=\S)([^]{0,400}?\S)~~|\[([^[\]]{1,500})\]\(([^()\s]{1,2000})(?:\s+"[^"]*")?\)|<(https?:\/\/[^<>\s]{1,2000})>|(?<![\w/])(https?:\/\/[^\s<>()[\]"'`]{1,2000}[^\s<>()[\]"'`.,;:!?])/g;

/** Marks of Markdown within a paragraph. Addresses of links are those of the web alone; of others only the text is left. */
export function parseInline(text: string, depth = 0): Inline[] {
  if (depth > MAX_DEPTH || text.length > MAX_CHARACTERS) return text === '' ? [] : [{ kind: 'text', text }];
  const found: Inline[] = [];
  let at = 0;
  const plain = (piece: string): void => {
    const last = found.at(-1);
    if (piece === '') return;
    if (last?.kind === 'text') found[found.length - 1] = { kind: 'text', text: last.text + piece };
    else found.push({ kind: 'text', text: piece });
  };
  for (const match of text.matchAll(pattern)) {
    plain(text.slice(at, match.index));
    at = match.index + match[0].length;
    const inline = inlineOf(match, depth);
    if (typeof inline === 'string') plain(inline);
    else found.push(inline);
  }
  plain(text.slice(at));
  return found;
}

function inlineOf([whole, escaped, , code, , strong, , emphasis, struck, label, target, angled, bare]: RegExpMatchArray, depth: number): Inline | string {
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return { kind: 'code', text: /^ .*\S.* $/s.test(code) ? code.slice(1, -1) : code };
  if (strong !== undefined) return { kind: 'strong', parts: parseInline(strong, depth + 1) };
  if (emphasis !== undefined) return { kind: 'emphasis', parts: parseInline(emphasis, depth + 1) };
  if (struck !== undefined) return { kind: 'struck', parts: parseInline(struck, depth + 1) };
  if (label !== undefined) return linkOf(target!, parseInline(label, depth + 1)) ?? label;
  const address = angled ?? bare;
  return address === undefined ? whole : linkOf(address, [{ kind: 'text', text: address }]) ?? whole;
}

function linkOf(target: string, parts: readonly Inline[]): Inline | undefined {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:') ? { kind: 'link', href: url.href, parts } : undefined;
}
