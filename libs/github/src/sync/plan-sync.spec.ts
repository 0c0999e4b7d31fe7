import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IssueChanges, IssueFields } from '../tracker/issue-tracker.js';
import { canonicalise } from './canonical-fields.js';
import { lostEdits } from './lost-edits.js';
import { Marks } from './marks.js';
import { newIssue } from './new-issue.js';
import { planSync, type SyncPlan } from './plan-sync.js';
import { noRecord, parseSyncRecord, type SyncRecord } from './sync-record.js';
import { applyChanges } from './testing/apply-changes.js';
import { sampleStoryKey, sampleStoryRow } from './testing/sample-items.js';
import { readWorkItem } from './work-item-row.js';

const marks = new Marks('secret');
const born = newIssue(readWorkItem(sampleStoryKey, sampleStoryRow()), marks);
const issue: IssueFields = { ...born.fields, state: 'open' };
const row = { ...sampleStoryRow(), issue_state: 'open' };

const plan = (here: Readonly<Record<string, string>>, there: Partial<IssueFields>, record: SyncRecord = born.after): SyncPlan =>
  planSync({ item: readWorkItem(sampleStoryKey, { ...row, ...here }), issue: { ...issue, ...there }, record, marks });
/** Both sides as the plan leaves them. */
const after = (done: SyncPlan, here: Readonly<Record<string, string>>, there: Partial<IssueFields>): SyncPlan => plan({ ...here, ...done.columns }, applyChanges({ ...issue, ...there }, done.patch), done.after);
const kinds = (done: SyncPlan): string[] => done.facts.map((fact) => fact.kind);

describe('canonical fields', () => {
  it('are a fixpoint', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 8 });
    fc.assert(fc.property(fc.record({ title: fc.string({ unit: 'binary', maxLength: 400 }), state: fc.constantFrom('open' as const, 'closed' as const), labels: names, assignees: names, milestone: fc.nat(), people: fc.string({ unit: 'binary' }), ticks: names }), (fields) => {
      expect(canonicalise(canonicalise(fields))).toEqual(canonicalise(fields));
    }), { numRuns: 200 });
  });
});

describe('a sync', () => {
  it('writes nothing where nothing differs', () => {
    const done = plan({}, {});
    expect(done).toMatchObject({ keep: [], patch: {}, columns: {}, facts: [], conflict: undefined });
    expect(done.before).toBe(born.after);
    expect(parseSyncRecord(JSON.stringify(done.after))).toEqual(done.after);
  });

  it('takes what only differs in form for the same', () => {
    expect(plan({}, { title: `  ${issue.title} `, body: issue.body.replaceAll('\n', '\r\n'), labels: issue.labels.map((label) => label.toUpperCase()) }).patch).toEqual({});
  });

  it.each<[string, Record<string, string>, Partial<IssueFields>, IssueChanges, Record<string, string>, string[]]>([
    ['a status of here goes out', { status: 'InProgress' }, {}, { labels: { add: ['status:in-progress'], remove: ['status:approved'] } }, {}, []],
    ['what is done is closed and ticked', { status: 'Done', qa_gate: 'PASS' }, {}, { state: 'closed', stateReason: 'completed' }, { issue_state: 'closed', ticks: '["AC1","AC2","T1"]' }, []],
    ['what is done with concerns is closed, not ticked', { status: 'Done', qa_gate: 'CONCERNS' }, {}, { state: 'closed' }, { issue_state: 'closed' }, []],
    ['a title of here goes out', { title: 'New' }, {}, { title: 'New' }, {}, []],
    ['a person\'s title comes in', {}, { title: 'Theirs' }, {}, { title: 'Theirs' }, ['renamed-by-person']],
    ['of two titles the person\'s counts', { title: 'Ours' }, { title: 'Theirs' }, {}, { title: 'Theirs' }, ['renamed-by-person']],
    ['a person closes', {}, { state: 'closed' }, {}, { issue_state: 'closed' }, ['closed-by-person']],
    ['labels are joined', { labels: '["ours"]' }, { labels: [...issue.labels, 'theirs'] }, { labels: { add: ['ours'], remove: [] } }, { labels: '["ours","theirs"]' }, ['labels-changed']],
    ['a person\'s status label goes', {}, { labels: [...issue.labels, 'status:done'] }, { labels: { add: [], remove: ['status:done'] } }, {}, []],
    ['a label taken off by a person is put back', {}, { labels: [] }, { labels: { add: [...issue.labels].sort(), remove: [] } }, {}, []],
    ['assignees are joined', { assignees: '["bot"]' }, { assignees: ['Ann'] }, { assignees: { add: ['bot'], remove: [] } }, { assignees: '["Ann","bot"]' }, ['assignees-changed']],
    ['a person\'s milestone counts', { milestone: '2' }, { milestone: 7 }, {}, { milestone: '7' }, ['milestone-changed']],
    ['a milestone of here goes out', { milestone: '2' }, {}, { milestone: 2 }, {}, []],
    ['people\'s text comes in', {}, { body: `Look!\n${issue.body}\n\nand below` }, {}, { notes: 'Look!\n\nand below' }, ['notes-changed']],
    ['a tick comes in', {}, { body: issue.body.replace('- [ ] **AC2**', '- [x] **AC2**') }, {}, { ticks: '["AC2"]' }, ['ticked']],
  ])('%s', (_name, here, there, patch, columns, facts) => {
    const done = plan(here, there);
    expect(done.patch).toMatchObject(patch);
    expect(Object.keys(done.patch).filter((field) => field !== 'body' && !(field in patch) && field !== 'stateReason' && field !== 'labels')).toEqual([]);
    expect(done.columns).toEqual(columns);
    expect(kinds(done)).toEqual(facts);
    expect(after(done, here, there)).toMatchObject({ keep: [], patch: {}, columns: {}, facts: [] });
  });

  it('joins ticks item by item', () => {
    const done = plan({ ticks: '["AC1"]' }, { body: issue.body.replace('- [ ] **T1**', '- [x] **T1**') });
    expect(done.columns).toEqual({ ticks: '["AC1","T1"]' });
    expect(done.patch.body).toMatch(/- \[x\] \*\*AC1\*\*[^]*- \[ \] \*\*AC2\*\*[^]*- \[x\] \*\*T1\*\*/);
  });

  it('keeps a person\'s title when Cascade saves its own again, or another', () => {
    const renamed = plan({}, { title: 'Theirs' });
    for (const title of [sampleStoryRow()['title'] ?? '', 'Another of ours']) {
      const again = plan({ ...renamed.columns, title }, { title: 'Theirs' }, renamed.after);
      expect(again).toMatchObject({ patch: {}, columns: { title: 'Theirs' }, facts: [] });
    }
  });

  it('leaves closed what a person closed, until Cascade\'s own state changes', () => {
    const closed = plan({}, { state: 'closed' });
    const later = plan({ ...closed.columns, status: 'Review' }, { state: 'closed' }, closed.after);
    expect(later.patch.state).toBeUndefined();
    const reopened = plan({ status: 'Done', issue_state: 'closed' }, { state: 'open' }, { ...born.after, base: { ...born.after.base!, state: 'closed', machineState: 'closed' } });
    expect(reopened.patch.state).toBeUndefined();
    expect(kinds(reopened)).toEqual(['reopened-by-person']);
  });

  it('keeps as a comment what a person wrote into Cascade\'s part, and says so with a label', () => {
    const there = { body: issue.body.replace('the total falls', 'the total falls by 10 %') };
    for (const here of [{}, { status: 'Review' }] as Record<string, string>[]) {
      const done = plan(here, there);
      expect(done.keep).toEqual([{ id: expect.stringMatching(/^kept:[0-9a-f]{32}$/), where: 'managed-block', text: expect.stringContaining('by 10 %') }]);
      expect(done.patch.body).not.toContain('by 10 %');
      expect(done.patch.labels?.add).toContain('sync:conflict');
      expect(kinds(done)).toEqual(['text-kept']);
      expect(after(done, here, there)).toMatchObject({ keep: [], patch: {}, columns: {}, facts: [] });
      // Whoever has dealt with it takes the label off, and it stays off.
      const settled = plan({ ...here, ...done.columns }, applyChanges(applyChanges({ ...issue, ...there }, done.patch), { labels: { add: [], remove: ['sync:conflict'] } }), done.after);
      expect(settled).toMatchObject({ patch: {}, columns: { labels: '[]' } });
    }
  });

  it('keeps all of a long text, in parts that fit into comments', () => {
    const long = Array.from({ length: 4000 }, (_, index) => `line ${index} ${'\u{1f389}'.repeat(2)}`).join('\n');
    for (const text of [long, '\u{1f389}'.repeat(20_001)]) {
      const { keep } = plan({}, { body: issue.body.replace('the total falls', text) });
      expect(keep.length).toBeGreaterThan(1);
      expect(keep.map((one) => one.text).join('')).toContain(text);
      for (const one of keep) expect(one.text.length).toBeLessThanOrEqual(20_000);
      expect(keep.every((one) => one.text.isWellFormed())).toBe(true);
    }
  });

  it('puts marks and marker back where a person took them away', () => {
    const without = { body: `Mine.\n${issue.body.replace(/\n<!-- cascade:key=.*-->/, '')}` };
    expect(plan({}, without).patch.body).toContain('cascade:key=');
    const gone = plan({}, { body: 'All mine now.' });
    expect(gone.patch.body).toMatch(/^<!-- cascade:begin [^]*All mine now\.\n\n<!-- cascade:key=.*-->$/);
    expect(gone.columns).toEqual({ notes: 'All mine now.' });
  });

  it('names the conflict when people\'s text leaves no room, and goes on with the rest', () => {
    const done = plan({ status: 'Done' }, { body: 'x'.repeat(65_500) });
    expect(done.conflict?.code).toBe('CASC_GITHUB_BODY_TOO_LONG');
    expect(done.patch.body).toBeUndefined();
    expect(done.patch.state).toBe('closed');
  });

  it('recognises a write whose answer never came', () => {
    const here = { status: 'Done', title: 'Ours' };
    const done = plan(here, {});
    expect(done.before.base).toEqual(born.after.base);
    // It arrived; then the work item went on.
    const next = plan({ ...here, status: 'Review' }, applyChanges(issue, done.patch), done.before);
    expect(next.facts).toEqual([]);
    expect(next.patch.state).toBe('open');
    // It never arrived.
    expect(plan(here, {}, done.before)).toMatchObject({ patch: done.patch, facts: [] });
  });

  it('merges without a base so that a person\'s values stand', () => {
    const done = plan({ title: 'Ours', labels: '["a"]', milestone: '1' }, { title: 'Theirs', labels: ['b'], milestone: 2, state: 'closed' }, noRecord);
    expect(done.columns).toEqual({ title: 'Theirs', labels: '["a","b"]', milestone: '2', issue_state: 'closed' });
    expect(done.patch).toEqual({ labels: { add: ['a', ...[...issue.labels].sort()], remove: [] } });
  });

  it('brings people\'s notes along when an issue is made anew', () => {
    expect(newIssue(readWorkItem(sampleStoryKey, { ...row, notes: 'Mine.' }), marks).fields.body).toContain('\n\nMine.\n\n<!-- cascade:key=');
  });

  it('takes from a tracker that cleans texts what it tells, and writes over no text that it does not see', () => {
    const blind = (here: Record<string, string>, there: Partial<IssueFields>): SyncPlan =>
      planSync({ item: readWorkItem(sampleStoryKey, { ...row, ...here }), issue: { ...issue, body: 'What you write outside of this part stays', milestone: undefined, ...there }, record: born.after, marks, isExact: false });
    expect(blind({ notes: 'Mine.' }, {})).toMatchObject({ keep: [], patch: {}, columns: {}, facts: [] });
    const done = blind({ title: 'Ours', status: 'Done', milestone: '2' }, { labels: [...issue.labels, 'theirs'], state: 'closed' });
    expect(done.patch).toEqual({ title: 'Ours', milestone: 2, labels: { add: ['status:done'], remove: ['status:approved'] } });
    expect(kinds(done)).toEqual(['closed-by-person', 'labels-changed']);
    expect(blind({ title: 'Ours' }, { title: 'Theirs' }).patch.title).toBeUndefined();
  });

  it('reads no record that is none', () => {
    expect(() => parseSyncRecord('{"v":2}')).toThrow(expect.objectContaining({ code: 'CASC_GITHUB_RECORD_INVALID' }));
    expect(() => readWorkItem('x', row)).toThrow(expect.objectContaining({ code: 'CASC_GITHUB_WORK_ITEM_INVALID' }));
    expect(parseSyncRecord(undefined)).toEqual(noRecord);
  });
});

describe('an edit that fell between reading and writing', () => {
  const here = { status: 'Review', title: 'Ours' };
  const done = plan(here, {});
  const body = (from: string) => ({ isOurs: true, body: { from, now: done.patch.body ?? '' } });
  const restore = (from: string, there: Partial<IssueFields> = {}, isOurs = true): SyncPlan =>
    planSync({ item: readWorkItem(sampleStoryKey, { ...row, ...here, ...done.columns }), issue: { ...applyChanges(issue, done.patch), ...there }, record: done.after, marks, lost: lostEdits(done.after, { ...body(from), isOurs }, sampleStoryKey, marks) });

  it('is none when the write replaced what was read, or what it wrote itself', () => {
    expect(lostEdits(done.after, body(issue.body), sampleStoryKey, marks)).toBeUndefined();
    expect(lostEdits(done.after, body(done.patch.body ?? ''), sampleStoryKey, marks)).toBeUndefined();
    expect(lostEdits(done.after, { isOurs: true, body: { from: 'x', now: 'not ours' } }, sampleStoryKey, marks)).toBeUndefined();
    expect(lostEdits(done.after, { isOurs: true }, sampleStoryKey, marks)).toBeUndefined();
  });

  it('comes back: people\'s text, ticks, title', () => {
    const back = restore(`Important!\n${issue.body.replace('- [ ] **AC1**', '- [x] **AC1**')}`);
    expect(back.patch.body).toMatch(/^Important!\n<!-- cascade:begin [^]*- \[x\] \*\*AC1\*\*/);
    expect(back.columns).toEqual({ notes: 'Important!', ticks: '["AC1"]' });
    const lost = lostEdits(done.after, { isOurs: true, title: { from: 'Theirs', now: 'Ours' } }, sampleStoryKey, marks);
    expect(planSync({ item: readWorkItem(sampleStoryKey, { ...row, ...here }), issue: applyChanges(issue, done.patch), record: done.after, marks, lost }).patch.title).toBe('Theirs');
  });

  it('goes into a comment when somebody has written since, or nobody knows whose edit it was', () => {
    const newer = { body: `${done.patch.body}\n\nNewer.` };
    for (const kept of [restore(`Important!\n${issue.body}`, newer), restore(`Important!\n${issue.body}`, {}, false)]) {
      expect(kept.keep).toEqual([expect.objectContaining({ where: 'free-text', text: 'Important!' })]);
      expect(kept.patch.body).toBeUndefined();
      expect(kept.patch.labels?.add).toContain('sync:conflict');
    }
  });

  it('goes into a comment when it was made in Cascade\'s part', () => {
    expect(restore(issue.body.replace('a bad code', 'an old code')).keep).toEqual([expect.objectContaining({ where: 'managed-block', text: expect.stringContaining('an old code') })]);
  });
});
