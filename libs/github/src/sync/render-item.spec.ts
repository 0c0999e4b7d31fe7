import { describe, expect, it } from '@jest/globals';
import { buildWorkItemKey, type WorkItemKey } from '@cascade/contracts';
import fc from 'fast-check';
import { blockText, MAX_BLOCK } from './managed-block.js';
import { machineTicks, managedLabels, renderBlock } from './render-item.js';
import { marks, key as ownKey } from './testing/body-arbitraries.js';
import { sampleStory, sampleStoryKey, sampleStoryRow } from './testing/sample-items.js';
import { readWorkItem } from './work-item-row.js';

const root = { repo: 'shop', branch: 'main' };
const row = (parts: WorkItemKey, document: unknown, columns: Record<string, string> = {}) =>
  readWorkItem(buildWorkItemKey(parts), { title: 't', status: 'Approved', document_path: 'docs/a.md', document: JSON.stringify(document), ...columns });
const text = (item: ReturnType<typeof row>): string => blockText(renderBlock(item), MAX_BLOCK);

describe('the managed block', () => {
  it('of a story: what it is, its criteria and tasks as a task list', () => {
    const story = readWorkItem(sampleStoryKey, { ...sampleStoryRow(), qa_gate: 'CONCERNS' });
    expect(text(story)).toBe([
      '**Story 1.1** · written by Cascade; what you write outside of this part stays', '',
      '- Status: Approved', '- Gate: CONCERNS', '- Document: `docs/stories/1.1.apply-a-code.md`', '- Branch: `cascade/1-discounts`', '- From: `main` of `shop`', '',
      'As a shopper, I want to enter a code, so that I pay less.', '',
      '### Acceptance criteria', '', '- [ ] **AC1** Given a code, when it is entered, then the total falls', '- [ ] **AC2** Given a bad code, when it is entered, then a message says so', '',
      '### Tasks', '', '- [ ] **T1** Write applyCode (AC 1, 2)', '',
      '### Risks', '', '- SEC-001 (High): Codes are guessed · Limit tries',
    ].join('\n'));
    expect(renderBlock(story).items).toEqual(['AC1', 'AC2', 'T1']);
    expect(managedLabels(story)).toEqual(['cascade', 'risk:high', 'status:approved', 'story', 'tier-0']);
  });

  it('of an epic: its requirements, and its stories where there are no sub-issues', () => {
    const epic = row({ kind: 'epic', ...root, epicId: '1', epicName: 'x' }, { id: 1, title: 'X', goal: 'G', background: 'B', requirements: [{ id: 'FR1', text: 'one' }] }, { status: 'InProgress' });
    const block = renderBlock(epic, [{ id: '1.1', title: 'First', number: 12 }, { id: '1.2', title: 'Second', number: undefined }]);
    expect(block.sections.slice(-2)).toEqual(['### Requirements\n\n- [ ] **FR1** one', '### Stories\n\n- [ ] **S1.1** #12 First\n- [ ] **S1.2** Second']);
    expect(block.items).toEqual(['FR1', 'S1.1', 'S1.2']);
    expect(managedLabels(epic)).toEqual(['cascade', 'epic', 'status:in-progress', 'tier-0']);
  });

  it('of a task and of both assessments', () => {
    const task = row({ kind: 'task', ...root, epicId: '1', epicName: 'x', storyId: '1.1', storyName: 'y', taskId: 'T002' }, { id: 'T002', phase: 'story', storyId: '1.1', kind: 'code', parallel: false, title: 't', paths: ['src/a.ts'], criteria: [1], dependsOn: [], tests: ['T001'] });
    expect(text(task)).toContain('Kind: code · story 1.1 · acceptance criteria 1\n\n### Files\n\n- `src/a.ts`\n\n### After\n\n- T001');
    expect(managedLabels(task)).toEqual(['cascade', 'status:approved', 'task', 'tier-2']);
    const qa = (document: unknown) => row({ kind: 'qa-assessment', ...root, id: '1.1.risk', name: 'y' }, document, { status: 'Done', risk_score: '9' });
    expect(text(qa({ risks: sampleStory.risks, summary: {} }))).toContain('### Risks\n\n- SEC-001 (High)');
    expect(text(qa({ scenarios: sampleStory.scenarios }))).toContain('### Test scenarios\n\n- 1.1-UNIT-001 (P0, AC 1): applies');
    expect(managedLabels(qa({}))).toEqual(['cascade', 'qa', 'risk:critical', 'status:done', 'tier-0']);
  });

  it('of a document that is none still says where it stands', () => {
    expect(text(row({ kind: 'epic', ...root, epicId: '1', epicName: 'x' }, { id: 'no' }))).toMatch(/^\*\*Epic 1\*\*[^]*`docs\/a\.md`/);
  });

  it('is ticked by the work that is done, unless its gate says otherwise', () => {
    const ticks = (columns: Record<string, string>): readonly string[] => {
      const item = readWorkItem(sampleStoryKey, { ...sampleStoryRow(), ...columns });
      return machineTicks(item, renderBlock(item));
    };
    expect(ticks({ status: 'Review', qa_gate: 'PASS' })).toEqual([]);
    expect(ticks({ status: 'Done', qa_gate: 'PASS' })).toEqual(['AC1', 'AC2', 'T1']);
    expect(ticks({ status: 'Done' })).toEqual(['AC1', 'AC2', 'T1']);
    expect(ticks({ status: 'Done', qa_gate: 'FAIL' })).toEqual([]);
  });

  it('notifies nobody, refers to nothing and opens no comment, whatever models wrote', () => {
    const hostile = fc.array(fc.oneof(fc.constantFrom('@octocat', ' @octocat', '#12', 'shop/shop#12', '<!-- x -->', marks.end(ownKey), '\\<!--', '<img src=x>', '`', '\n'), fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 6 }).map((parts) => `x${parts.join('')}`.slice(0, 500));
    fc.assert(fc.property(hostile, (line) => {
      const item = readWorkItem(sampleStoryKey, { ...sampleStoryRow(), document: JSON.stringify({ ...sampleStory, asA: line, criteria: [{ id: 1, given: line, when: line, then: line }] }) });
      const shown = text(item);
      expect(shown).toContain('### Acceptance criteria');
      expect(shown).not.toMatch(/<!|(?<!\w)@\w|(?<!&)#\d|[^\\]<img/);
      expect(renderBlock(item).items).toEqual(['AC1', 'T1']);
    }), { numRuns: 200 });
  });
});
