import { describe, expect, it } from '@jest/globals';
import { markTaskDone } from './mark-task-done.js';
import { parseTaskLine } from './task-line.js';

const full = '- [ ] T003 [P] [US1] Apply a code in `src/a.js`, `src/b.js` (US1/AC1, US1/AC12) (passes T001) (depends on T001, T002)';

describe('parseTaskLine', () => {
  it('reads every part', () => {
    expect(parseTaskLine(full)).toEqual({ done: false, id: 'T003', parallel: true, story: 1, title: 'Apply a code', paths: ['src/a.js', 'src/b.js'], criteria: [1, 12], tests: ['T001'], dependsOn: ['T001', 'T002'] });
  });
  it('accepts both cases of a done mark and ids of more than three digits', () => {
    expect(parseTaskLine('- [x] T001 Set up in `a.json`')?.done).toBe(true);
    expect(parseTaskLine('- [X] T1000 Set up in `a.json`')?.id).toBe('T1000');
  });
  it.each([
    '- [] T001 Set up in `a`', '- [ ] T01 Set up in `a`', '* [ ] T001 Set up in `a`', '- [ ] T001 [US1] [P] Set up in `a`', '- [ ] T001 Set up', '- [ ] T001 [P] [P] Set up in `a`', '- [ ]  T001 Set up in `a`', '- [ ] T001 Set up in `a` (waits for T002)',
  ])('refuses %s', (text) => expect(parseTaskLine(text)).toBeUndefined());
});

describe('markTaskDone', () => {
  const document = `# Tasks: X\r\n\r\n- a bullet\n${full}\n- [ ] T004 Next in \`c.js\`\n- [x] T005 Old in \`d.js\``;

  it('marks the given tasks with [X] and leaves every other byte', () => {
    expect(markTaskDone(document, ['T003'])).toBe(document.replace('- [ ] T003', '- [X] T003'));
  });
  it('is idempotent', () => {
    const once = markTaskDone(document, ['T003', 'T005']);
    expect(markTaskDone(once, ['T003', 'T005'])).toBe(once);
    expect(once).toContain('- [X] T005');
  });
  it('names tasks that have no line', () => {
    expect(() => markTaskDone(document, ['T003', 'T099'])).toThrow(expect.objectContaining({ code: 'CASC_SPEC_INVALID', findings: ['TASK_MISSING T099: has no task line'] }));
  });
});
