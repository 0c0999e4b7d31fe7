import { parseBody, peopleText, blockTicks, type ParsedBody } from './body.js';
import { canonicalTitle } from './canonical-text.js';
import type { Marks } from './marks.js';
import { hashOf, type WriteNote } from './sync-record.js';

/** An edit as a webhook tells it (`changes.<field>.from`, and the field as it was right after). */
export interface EditSeen {
  readonly title?: { readonly from: string; readonly now: string } | undefined;
  readonly body?: { readonly from: string; readonly now: string } | undefined;
}

/** A person's edit that fell between our reading and our writing, hence was overwritten. */
export interface LostEdit {
  readonly title?: { readonly text: string; readonly sent: string };
  readonly body?: { readonly parsed: ParsedBody; readonly ticks: ReadonlyMap<string, boolean>; readonly sentTicks: readonly string[]; readonly sentPeople: string };
}

/**
 * GitHub has no conditional update, but the webhook of our own write says what it replaced. Where that is neither what
 * we had read nor what we wrote, a person's edit is gone from the issue, and stands here. `notes` are what remains to
 * be watched for: each is answered once. (GitHub's own documents do not promise this; its payload schema has the fields.)
 */
export function lostEdits(notes: readonly WriteNote[], seen: EditSeen, key: string, marks: Marks): { readonly lost: LostEdit | undefined; readonly notes: readonly WriteNote[] } {
  const titles = seen.title === undefined ? [] : notes.filter((note) => note.title?.sent === canonicalTitle(seen.title?.now ?? ''));
  const bodies = seen.body === undefined ? [] : notes.filter((note) => note.body?.sent === hashOf(seen.body?.now ?? ''));
  const title = lostTitle(titles, seen.title);
  const body = lostBody(bodies, seen.body?.from, key, marks);
  if (title === undefined && body === undefined) return { lost: undefined, notes };
  const rest = notes.map((note) => ({ ...(titles.includes(note) && title !== undefined ? {} : pickTitle(note)), ...(bodies.includes(note) && body !== undefined ? {} : pickBody(note)) }));
  return { lost: { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) }, notes: rest.filter((note) => note.title !== undefined || note.body !== undefined) };
}

const pickTitle = (note: WriteNote): WriteNote => (note.title === undefined ? {} : { title: note.title });
const pickBody = (note: WriteNote): WriteNote => (note.body === undefined ? {} : { body: note.body });

function lostTitle(notes: readonly WriteNote[], seen: EditSeen['title']): LostEdit['title'] {
  const sent = notes[0]?.title?.sent;
  if (sent === undefined || seen === undefined) return undefined;
  const from = canonicalTitle(seen.from);
  return from === sent || notes.some((note) => note.title?.fetched === from) ? undefined : { text: from, sent };
}

function lostBody(notes: readonly WriteNote[], from: string | undefined, key: string, marks: Marks): LostEdit['body'] {
  const note = notes[0]?.body;
  if (note === undefined || from === undefined) return undefined;
  const hash = hashOf(from);
  if (hash === note.sent || notes.some((one) => one.body?.fetched === hash)) return undefined;
  const parsed = parseBody(from, key, marks);
  const ticks = new Map([...blockTicks(parsed)].filter(([id, ticked]) => ticked !== note.fetchedTicks.includes(id)));
  return { parsed, ticks, sentTicks: note.sentTicks, sentPeople: note.people };
}

/** Remembers a write before it is made. */
export function noteOf(fetched: { readonly title: string; readonly body: string; readonly ticks: readonly string[] }, sent: { readonly title?: string | undefined; readonly body?: string | undefined; readonly ticks: readonly string[]; readonly people: Pick<ParsedBody, 'before' | 'after'> }): WriteNote | undefined {
  if (sent.title === undefined && sent.body === undefined) return undefined;
  return {
    ...(sent.title === undefined ? {} : { title: { sent: sent.title, fetched: canonicalTitle(fetched.title) } }),
    ...(sent.body === undefined ? {} : { body: { sent: hashOf(sent.body), fetched: hashOf(fetched.body), fetchedTicks: [...fetched.ticks], sentTicks: [...sent.ticks], people: hashOf(peopleText(sent.people)) } }),
  };
}
