import type { IssueChanges } from '../../tracker/issue-tracker.js';
import { lostEdits } from '../lost-edits.js';
import type { Marks } from '../marks.js';
import { newIssue } from '../new-issue.js';
import { planSync } from '../plan-sync.js';
import { parseSyncRecord } from '../sync-record.js';
import { readWorkItem } from '../work-item-row.js';
import type { ModelDelivery, ModelGithub, ModelStore } from './model-world.js';

export interface ModelSyncer {
  readonly key: string;
  readonly marks: Marks;
  readonly github: ModelGithub;
  readonly store: ModelStore;
  /** Cascade writes under a person's login: its own edits cannot be told from theirs. */
  readonly sharesLogin: boolean;
  /** The answer to a write got lost, and the client writes the same again. */
  readonly isAnswerLost: () => boolean;
}

/** Takes a delivery in: a hint, and, when it shows an edit that was overwritten, that edit. */
export function receive({ key, marks, store, sharesLogin }: ModelSyncer, { id, edit }: ModelDelivery): void {
  const seen = { ...edit, isOurs: edit.isOurs && !sharesLogin };
  const isLost = (seen.isOurs || sharesLogin) && lostEdits(parseSyncRecord(store.record), seen, key, marks) !== undefined;
  store.delivered(id, isLost ? seen : undefined);
}

/** One reconciliation, which the caller may let go on after a `yield`, or abandon there: then the process has died. */
export function* reconcile(syncer: ModelSyncer): Generator<string, void, void> {
  const { key, marks, github, store } = syncer;
  if (!store.isMapped) {
    yield* create(syncer);
    return;
  }
  const read = { row: store.row, dirty: store.dirty, edit: store.edits[0] };
  const record = parseSyncRecord(store.record);
  const item = readWorkItem(key, read.row);
  const issue = { ...github.issue };
  yield 'read';
  const plan = planSync({ item, issue, record, marks, lost: read.edit === undefined ? undefined : lostEdits(record, read.edit, key, marks) });
  for (const text of plan.keep) {
    if (!github.comments.has(text.id)) github.comments.set(text.id, text.text);
    yield 'kept';
  }
  if (Object.keys(plan.patch).length > 0) {
    store.record = JSON.stringify(plan.before);
    yield 'noted';
    for (const changes of requestsOf(plan.patch)) {
      do {
        github.change(changes);
        yield 'patched';
      } while (syncer.isAnswerLost());
    }
  }
  store.finish(read, plan.columns, JSON.stringify(plan.after), plan.facts.map((fact) => fact.kind));
}

/** As the tracker divides them. */
function requestsOf({ labels, assignees, ...fields }: IssueChanges): IssueChanges[] {
  return [...(Object.keys(fields).length === 0 ? [] : [fields]), ...(labels === undefined ? [] : [{ labels }]), ...(assignees === undefined ? [] : [{ assignees }])];
}

function* create({ key, marks, github, store }: ModelSyncer): Generator<string, void, void> {
  const wasTried = store.record !== '';
  const found = wasTried && github.issues.some((issue) => marks.isOf(key, issue.body));
  if (!found) {
    const { fields, before } = newIssue(readWorkItem(key, store.row), marks);
    store.record = JSON.stringify(before);
    yield 'intended';
    github.create(fields);
    yield 'created';
  }
  store.isMapped = true;
  store.touch();
}
