/**
 * One form for a word's English endings, so that "parses", "parsed" and "parsing" find `parse`. Weaker than Porter's on
 * purpose: names of code are short, and two that become one by mistake are never told apart again.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  return withoutVerbEnding(withoutPlural(word));
}

function withoutPlural(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:x|ch|sh|ss)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutVerbEnding(word: string): string {
  let bare = word;
  if (word.length > 5 && word.endsWith('ing')) bare = word.slice(0, -3);
  else if (word.length > 4 && word.endsWith('ed')) bare = word.slice(0, -2);
  if (bare.length > 3 && /([^aeioulsz])\1$/.test(bare)) return bare.slice(0, -1); // running, dropped
  return bare.length > 4 && bare.endsWith('e') ? bare.slice(0, -1) : bare;
}
