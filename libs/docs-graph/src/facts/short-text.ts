/** The first `limit` characters, never ending in half of a surrogate pair; and whether something was left out. */
export function shortened(text: string, limit: number): { text: string; cut: boolean } {
  if (text.length <= limit) return { text, cut: false };
  const last = text.charCodeAt(limit - 1);
  return { text: text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit), cut: true };
}

/** One line of code from several: what the author's line breaks and tabs meant is gone, what the code means is not. */
export const folded = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
