import type { SyncFact } from '@cascade/github';

/** Most characters of one change in words; as many as `work_item.edited` takes. */
const MAX_TEXT = 2_000;

/** What a person did, in words. */
export const factText = (fact: SyncFact): string => words(fact).slice(0, MAX_TEXT);

function words(fact: SyncFact): string {
  switch (fact.kind) {
    case 'closed-by-person': return 'closed';
    case 'reopened-by-person': return 'reopened';
    case 'renamed-by-person': return `renamed from ${JSON.stringify(fact.from)} to ${JSON.stringify(fact.to)}`;
    case 'labels-changed': return `labels${difference(fact)}`;
    case 'assignees-changed': return `assignees${difference(fact)}`;
    case 'milestone-changed': return fact.to === undefined ? 'no milestone' : `milestone ${fact.to}`;
    case 'notes-changed': return 'wrote outside of the part that Cascade writes';
    case 'ticked': return `${fact.isDone ? 'ticked' : 'unticked'} ${fact.id}`;
    case 'text-kept': return `a text of theirs was kept as a comment (${fact.where})`;
  }
}

const difference = ({ added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] }): string =>
  `${added.map((name) => ` +${name}`).join('')}${removed.map((name) => ` -${name}`).join('')}`;
