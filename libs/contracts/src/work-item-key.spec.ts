import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildWorkItemKey, parseWorkItemKey, type WorkItemKey } from './work-item-key.js';

const name = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text.isWellFormed());
const id = name.filter((text) => text !== '' && !text.includes('-'));
const epic = fc.record({ kind: fc.constant('epic' as const), repo: name, branch: name, epicId: id, epicName: name });
const story = fc.record({ kind: fc.constant('story' as const), repo: name, branch: name, epicId: id, epicName: name, storyId: id, storyName: name });
const task = fc.record({ kind: fc.constant('task' as const), repo: name, branch: name, epicId: id, epicName: name, storyId: id, storyName: name, taskId: id });
const qa = fc.record({ kind: fc.constant('qa-assessment' as const), repo: name, branch: name, id, name });
const anyKey: fc.Arbitrary<WorkItemKey> = fc.oneof(epic, story, task, qa);

describe('work-item keys', () => {
  it('have the documented form', () => {
    const key = { repo: 'shop', branch: 'main', epicId: '1', epicName: 'discounts', storyId: '1.2', storyName: 'apply-code' };
    expect(buildWorkItemKey({ kind: 'epic', ...key })).toBe('repo-shop_branch-main_epics-1-discounts');
    expect(buildWorkItemKey({ kind: 'task', ...key, taskId: 'T004' })).toBe('repo-shop_branch-main_epics-1-discounts_stories-1.2-apply-code_tasks-T004');
    expect(buildWorkItemKey({ kind: 'qa-assessment', repo: 'shop', branch: 'main', id: '1.2', name: 'risk' })).toBe('repo-shop_branch-main_qa_assessments-1.2-risk');
  });

  it('build and parse are inverse for every string', () => {
    fc.assert(fc.property(anyKey, (key) => {
      expect(parseWorkItemKey(buildWorkItemKey(key))).toEqual(key);
    }), { numRuns: 500 });
  });

  it('two different items never share a key', () => {
    fc.assert(fc.property(anyKey, anyKey, (a, b) => {
      expect(buildWorkItemKey(a) === buildWorkItemKey(b)).toBe(JSON.stringify(a, Object.keys(a).sort()) === JSON.stringify(b, Object.keys(b).sort()));
    }), { numRuns: 500 });
  });

  it('what parses is what building gives', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('repo-', '_branch-', '_epics-', '_stories-', '_tasks-', '1', '-', 'a', '%5F', '%', '_') }), (text) => {
      const parsed = parseWorkItemKey(text);
      expect(parsed === undefined || buildWorkItemKey(parsed) === text).toBe(true);
    }), { numRuns: 1000 });
  });

  it('refuses ids that could be mistaken for another one', () => {
    expect(() => buildWorkItemKey({ kind: 'epic', repo: 'r', branch: 'b', epicId: '1-2', epicName: 'x' })).toThrow(expect.objectContaining({ code: 'CASC_KEY_INVALID' }));
    expect(() => buildWorkItemKey({ kind: 'epic', repo: 'r', branch: 'b', epicId: '', epicName: 'x' })).toThrow(expect.objectContaining({ code: 'CASC_KEY_INVALID' }));
  });
});
