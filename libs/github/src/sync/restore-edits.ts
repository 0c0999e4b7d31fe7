import { blockTicks, peopleText, type ParsedBody } from './body.js';
import type { CanonicalFields } from './canonical-fields.js';
import type { LostEdit } from './lost-edits.js';
import { hashOf, type SyncBase } from './sync-record.js';

/** The issue as people meant it: as it is, with what we overwrote unknowingly put back. */
export interface Restored {
  readonly issue: CanonicalFields;
  readonly ticks: ReadonlyMap<string, boolean>;
  readonly people: Pick<ParsedBody, 'before' | 'after'>;
  /** A lost text that cannot go back, because somebody has written another one since. */
  readonly displaced: string | undefined;
}

/** An overwritten value comes back only where Cascade's own still stands; whoever wrote since is heard. */
export function restoreEdits(issue: CanonicalFields, body: ParsedBody, base: SyncBase, lost: LostEdit | undefined): Restored {
  const ticks = blockTicks(body);
  const isMachines = issue.title === base.title && base.title === base.machineTitle;
  const title = isMachines ? lost?.title ?? issue.title : issue.title;
  if (lost?.body === undefined) return { issue: { ...issue, title }, ticks, people: body, displaced: undefined };
  const { parsed, sentTicks, sentPeople } = lost.body;
  for (const [id, ticked] of lost.body.ticks) {
    if (ticks.get(id) === sentTicks.includes(id)) ticks.set(id, ticked);
  }
  const text = peopleText(parsed);
  const goesBack = lost.isOurs && hashOf(issue.people) === sentPeople;
  const displaced = goesBack || text === '' || hashOf(text) === sentPeople || issue.people.includes(text) ? undefined : text;
  const people = goesBack ? parsed : body;
  return { issue: { ...issue, title, people: peopleText(people) }, ticks, people, displaced };
}
