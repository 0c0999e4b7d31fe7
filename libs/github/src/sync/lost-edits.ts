import type { IssueChanges, IssueFields } from '../tracker/issue-tracker.js';
import { parseBody, peopleText, blockTicks, type ParsedBody } from './body.js';
import { canonicalTitle } from './canonical-text.js';
import type { Marks } from './marks.js';
import { hashOf, type SyncRecord, type WriteNote } from './sync-record.js';

/** An edit as a webhook tells it (`changes.<field>.from`, and the field as it was right after). */
export interface EditSeen {
  /** By a login that only Cascade uses (an App's); false where it writes under a person's. */
  readonly isOurs: boolean;
  readonly title?: { readonly from: string; readonly now: string } | undefined;
  readonly body?: { readonly from: string; readonly now: string } | undefined;
}

/** A person's edit that fell between our reading and our writing, hence was overwritten. */
export interface LostEdit {
  /** GitHub named a login as its author that only Cascade uses. Otherwise a person may have made it: nothing is put back over their text. */
  readonly isOurs: boolean;
  readonly title?: { readonly lost: string; readonly sent: string };
  readonly body?: { readonly parsed: ParsedBody; readonly ticks: ReadonlyMap<string, boolean>; readonly sentTicks: readonly string[]; readonly sentPeople: string | undefined };
}

/**
 * GitHub has no conditional update, but the webhook of our own write says what it replaced. Where that is neither what
 * we had read nor what we wrote, a person's edit is gone from the issue, and stands here. (GitHub's documents do not
 * promise this; its payload schema has the fields.)
 */
export function lostEdits({ notes, base, pending }: SyncRecord, seen: EditSeen, key: string, marks: Marks): LostEdit | undefined {
  const title = lostTitle(notes.flatMap((note) => (note.title?.sent === canonicalTitle(seen.title?.now ?? '') ? [note.title] : [])), seen.title?.from);
  const body = lostBody(notes.flatMap((note) => (note.body?.sent === hashOf(seen.body?.now ?? '') ? [note.body] : [])), seen.body?.from, (text) => parseBody(text, key, marks, [pending?.base.block, base?.block]));
  return title === undefined && body === undefined ? undefined : { isOurs: seen.isOurs, ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
}

function lostTitle(notes: readonly NonNullable<WriteNote['title']>[], from: string | undefined): LostEdit['title'] {
  if (notes[0] === undefined || from === undefined) return undefined;
  const title = canonicalTitle(from);
  return title === notes[0].sent || notes.some((note) => note.fetched === title) ? undefined : { lost: title, sent: notes[0].sent };
}

function lostBody(notes: readonly NonNullable<WriteNote['body']>[], from: string | undefined, parse: (text: string) => ParsedBody): LostEdit['body'] {
  const note = notes[0];
  if (note === undefined || from === undefined) return undefined;
  const hash = hashOf(from);
  if (hash === note.sent || notes.some((one) => one.fetched === hash)) return undefined;
  const parsed = parse(from);
  const ticks = new Map([...blockTicks(parsed)].filter(([id, ticked]) => ticked !== note.fetchedTicks.includes(id)));
  // Written twice, nobody knows which of the two the webhook is about.
  const sentPeople = notes.every((one) => one.people === note.people) ? note.people : undefined;
  return { parsed, ticks, sentTicks: note.sentTicks, sentPeople };
}

/** What is remembered of a write before it is made. `people` of the body: as read, and as written. */
export function noteOf(issue: Pick<IssueFields, 'title' | 'body'>, read: ParsedBody, patch: IssueChanges, written: Pick<ParsedBody, 'before' | 'after'>, ticks: readonly string[]): WriteNote | undefined {
  const [before, after] = [peopleText(read), peopleText(written)];
  const fetchedTicks = [...blockTicks(read)].flatMap(([id, ticked]) => (ticked ? [id] : []));
  const title = patch.title === undefined ? {} : { title: { sent: patch.title, fetched: canonicalTitle(issue.title) } };
  const body = patch.body === undefined ? {} : { body: { sent: hashOf(patch.body), fetched: hashOf(issue.body), fetchedTicks, sentTicks: ticks, ...(before === after ? { people: hashOf(after) } : {}) } };
  return patch.title === undefined && patch.body === undefined ? undefined : { ...title, ...body };
}
