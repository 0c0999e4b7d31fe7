import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@cascade/testing';
import { parseBody, peopleText } from './body.js';
import { divideLabels } from './labels.js';
import { planSync } from './plan-sync.js';
import { managedLabels } from './render-item.js';
import { parseSyncRecord } from './sync-record.js';
import { runHistory, type HistoryOutcome } from './testing/random-history.js';
import { readWorkItem } from './work-item-row.js';

const histories = Number(process.env['CASCADE_HISTORIES'] ?? 1000);
const seed = Number(process.env['CASCADE_SEED'] ?? 20_261_127);

/** What of a history's end is not as it must be. */
function faults({ syncer, person, changes, crashed }: HistoryOutcome): string[] {
  const { github, store, marks, key } = syncer;
  const item = readWorkItem(key, store.row);
  const body = parseBody(github.issue.body, key, marks);
  const plan = planSync({ item, issue: github.issue, record: parseSyncRecord(store.record), marks });
  const labels = divideLabels(github.issue.labels);
  const list = (column: string): unknown => JSON.parse(store.row[column] ?? '[]');
  const said = [github.issue.body, ...github.comments.values()].join('\n');
  const same = (name: string, left: unknown, right: unknown): string[] => (JSON.stringify(left) === JSON.stringify(right) ? [] : [`${name}: ${JSON.stringify(left)} here, ${JSON.stringify(right)} there`]);
  const inConflict = plan.conflict !== undefined;
  return [
    ...same('issues', github.issues.length, 1),
    ...same('rest', [store.dirty, store.edits.length, github.queue.length + github.failed.length], [0, 0, 0]),
    ...same('another sync', [plan.keep, plan.patch, plan.columns, plan.facts], [[], {}, {}, []]),
    ...same('title', store.row['title'], github.issue.title),
    ...(person.title === undefined || [...github.comments.values()].includes(person.title) ? [] : same('a person\'s title', person.title, github.issue.title)),
    ...same('state', store.row['issue_state'], github.issue.state),
    ...same('labels', list('labels'), labels.people),
    ...same('managed labels', managedLabels(item), labels.managed),
    ...same('assignees', list('assignees'), [...github.issue.assignees].sort()),
    ...same('milestone', store.row['milestone'] ?? '', String(github.issue.milestone ?? '')),
    ...same('notes', store.row['notes'] ?? '', peopleText(body)),
    ...(inConflict ? [] : same('block', [body.hasMarker, body.block?.isIntact, body.block?.text.includes(`- Status: ${item.status}\n`)], [true, true, true])),
    ...(inConflict ? [] : same('ticks', list('ticks'), [...(body.block?.text ?? '').matchAll(/- \[x\] \*\*(\w+)\*\*/g)].map((match) => match[1] ?? '').sort())),
    ...[...person.words].filter((word) => !said.includes(word)).map((word) => `a person's ${word} is nowhere`),
    ...(github.namings > 2 * (changes + crashed + 1) ? [`labels and people written ${github.namings} times for ${changes} changes`] : []),
    ...(github.patches > 2 * (changes + crashed + 1) ? [`${github.patches} writes to GitHub for ${changes} changes`] : []),
    ...(store.saves > 2 * (changes + crashed + 1) ? [`${store.saves} writes to the work item for ${changes} changes`] : []),
  ];
}

describe('both sides of a work item', () => {
  it(`are equal, or in a named conflict, after any history, and nothing of a person's text is lost (${histories} histories, seed ${seed})`, () => {
    const total = { changes: 0, crashed: 0, patches: 0, saves: 0, kept: 0, lostEdits: 0 };
    const broken: string[] = [];
    for (let number = 0; number < histories; number += 1) {
      const outcome = runHistory(new SeededRandom(seed + number), { actions: 60, crashes: 0.1, losses: 0.15 });
      const found = faults(outcome);
      if (found.length > 0) broken.push(`seed ${seed + number}: ${found.join('; ')}`);
      total.changes += outcome.changes;
      total.crashed += outcome.crashed;
      total.patches += outcome.syncer.github.patches;
      total.saves += outcome.syncer.store.saves;
      total.kept += outcome.syncer.github.comments.size;
      total.lostEdits += outcome.lostEdits;
    }
    console.info(JSON.stringify(total));
    expect(broken.slice(0, 5)).toEqual([]);
    // The histories did reach what they are about.
    expect(Math.min(total.crashed, total.kept, total.lostEdits)).toBeGreaterThan(histories / 10);
  });
});
