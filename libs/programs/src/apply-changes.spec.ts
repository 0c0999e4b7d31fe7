import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyChanges, elisions, WHOLE_FILE_MAX_LINES } from './apply-changes.js';

const long = Array.from({ length: WHOLE_FILE_MAX_LINES + 1 }, (_, index) => `line ${index}`).join('\n') + '\n';
const edit = (path: string, search: string, replace: string) => ({ kind: 'edit' as const, path, edits: [{ search, replace }] });

describe('applyChanges', () => {
  it('replaces exactly the one place that a search names', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z$&]{1,8}$/), { minLength: 3, maxLength: 20 }), fc.nat(), fc.string().map((text) => text.replaceAll(/[\r\n]/g, '')), (lines, pick, replacement) => {
      const at = pick % lines.length;
      const applied = applyChanges({ 'a.js': `${lines.join('\n')}\n` }, [edit('a.js', `${lines[at]}\n`, `${replacement}\n`)]);
      fc.pre(applied.ok);
      expect(applied).toEqual({ ok: true, files: { 'a.js': `${lines.with(at, replacement).join('\n')}\n` } });
    }));
  });

  it('applies all changes or none', () => {
    const result = applyChanges({ 'a.js': 'one\n' }, [edit('a.js', 'one\n', 'two\n'), edit('b.js', 'x\n', 'y\n')]);
    expect(result).toEqual({ ok: false, problems: ['b.js: does not exist yet; give it whole in a <<<FILE b.js>>> section.'] });
  });

  it('refuses a search that is missing or ambiguous, and shows the closest lines', () => {
    const current = { 'a.js': 'a();\n  b();\nc();\na();\n' };
    expect(applyChanges(current, [edit('a.js', 'a();\n', 'x\n')])).toMatchObject({ ok: false, problems: [expect.stringContaining('2 times')] });
    expect(applyChanges(current, [edit('a.js', 'b();\nd();\n', 'x\n')])).toMatchObject({ ok: false, problems: [expect.stringContaining('  b();\nc();')] });
  });

  it('wants blocks for a long file and lines that are really there', () => {
    expect(applyChanges({ 'a.js': long }, [{ kind: 'whole', path: 'a.js', text: 'short\n' }])).toMatchObject({ ok: false, problems: [expect.stringContaining('<<<EDIT a.js>>>')] });
    expect(applyChanges({}, [{ kind: 'whole', path: 'a.js', text: 'f();\n// ... rest of the code\n' }])).toMatchObject({ ok: false, problems: [expect.stringContaining('left out')] });
    expect(elisions('# existing code unchanged\n')).toHaveLength(1);
    expect(elisions('f(...args); // spread\n// Other functions call this one.\nconst a = [...b];\n# ... kept\n', '# ... kept\n')).toEqual([]);
  });

  it('keeps the line ends of the file', () => {
    expect(applyChanges({ 'a.js': 'one\r\ntwo\r\n' }, [edit('a.js', 'two\n', 'three\n')])).toEqual({ ok: true, files: { 'a.js': 'one\r\nthree\r\n' } });
  });
});
