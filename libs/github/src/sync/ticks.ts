/** A line of a task list that names its item: `- [ ] **AC1** Given …`. */
const tickLine = /^(\s*[-*+] \[)([ xX])(\] \*\*([A-Za-z0-9][\w.-]{0,39})\*\*)/;

/** Ids of the items of a text's task list, in order, with their ticks. The first line of an id counts. */
export function ticksIn(text: string): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const line of text.split('\n')) {
    const match = tickLine.exec(line);
    const id = match?.[4];
    if (id !== undefined && !found.has(id)) found.set(id, match?.[2] !== ' ');
  }
  return found;
}

/** The text with exactly these items ticked. */
export const withTicks = (text: string, ticked: readonly string[]): string =>
  text.split('\n').map((line) => line.replace(tickLine, (_all, start: string, _tick: string, rest: string, id: string) => `${start}${ticked.includes(id) ? 'x' : ' '}${rest}`)).join('\n');

/** What of a managed block tells whether somebody rewrote it: everything but its ticks. */
export const withoutTicks = (text: string): string => withTicks(text, []);

/** Per item: what a person changed counts, then what Cascade changed, else what was. Sorted. */
export function mergeTicks(items: readonly string[], base: readonly string[], ours: readonly string[], theirs: ReadonlyMap<string, boolean>): string[] {
  return items.filter((id) => {
    const before = base.includes(id);
    const seen = theirs.get(id);
    if (seen !== undefined && seen !== before) return seen;
    return ours.includes(id);
  }).sort();
}
