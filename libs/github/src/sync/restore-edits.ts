import { blockTicks, peopleText, type ParsedBody } from './body.js';
import type { CanonicalFields } from './canonical-fields.js';
import type { LostEdit } from './lost-edits.js';
import { hashOf, type SyncBase } from './sync-record.js';

/** The issue as people meant it: as it is, with what we overwrote unknowingly put back. */
export interface Restored {
  readonly issue: CanonicalFields;
  readonly ticks: ReadonlyMap<string, boolean>;
  readonly people: Pick<ParsedBody, 'before' | 'after'>;
  /** Lost texts that cannot go back, because somebody has written another one since, or may have. */
  readonly displaced: readonly string[];
}

/**
 * An overwritten value comes back only where Cascade's own still stands; whoever wrote since is heard. A title that was put
 * back stands as that person's. Where it replaced a newer one, that comes back, unless nobody knows who wrote what stands.
 */
export function restoreEdits(issue: CanonicalFields, body: ParsedBody, base: SyncBase, lost: LostEdit | undefined): Restored {
  const ticks = blockTicks(body);
  const isMachines = issue.title === base.title && base.title === base.machineTitle;
  const isSent = issue.title === base.title && issue.title === lost?.title?.sent;
  const title = isMachines || (isSent && lost?.isOurs === true) ? lost?.title?.lost ?? issue.title : issue.title;
  const titles = isSent && lost?.title !== undefined && title !== lost.title.lost ? [lost.title.lost] : [];
  if (lost?.body === undefined) return { issue: { ...issue, title }, ticks, people: body, displaced: titles };
  const { parsed, sentTicks, sentPeople } = lost.body;
  for (const [id, ticked] of lost.body.ticks) {
    if (ticks.get(id) === sentTicks.includes(id)) ticks.set(id, ticked);
  }
  const text = peopleText(parsed);
  const goesBack = lost.isOurs && hashOf(issue.people) === sentPeople;
  const displaced = goesBack || text === '' || hashOf(text) === sentPeople || issue.people.includes(text) ? titles : [...titles, text];
  const people = goesBack ? parsed : body;
  return { issue: { ...issue, title, people: peopleText(people) }, ticks, people, displaced };
}
