import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDiff } from './diff.js';

let folder: string;
beforeAll(() => { folder = mkdtempSync(path.join(tmpdir(), 'cascade-diff-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads new, removed, renamed, binary and changed files', () => {
  const files = parseDiff([
    'diff --git a/new.js b/new.js', 'new file mode 100644', 'index 0..1', '--- /dev/null', '+++ b/new.js', '@@ -0,0 +1,2 @@', '+one', '+two',
    'diff --git a/old.js b/old.js', 'deleted file mode 100644', '--- a/old.js', '+++ /dev/null', '@@ -1 +0,0 @@', '--- a line that looks like a header', '\\ No newline at end of file',
    'diff --git a/a.js b/b.js', 'similarity index 90%', 'rename from a.js', 'rename to b.js',
    'diff --git a/x.png b/x.png', 'Binary files a/x.png and b/x.png differ',
    'diff --git "a/\\303\\274.js" "b/\\303\\274.js"', '--- "a/\\303\\274.js"', '+++ "b/\\303\\274.js"', '@@ -7,2 +7,2 @@ function f() {', ' same', '-before', '+after', '',
  ].join('\n'));
  expect(files.map(({ path: name, change, added, removed }) => [name, change, added, removed])).toEqual([
    ['new.js', 'added', 2, 0], ['old.js', 'removed', 0, 1], ['b.js', 'renamed', 0, 0], ['x.png', 'binary', 0, 0], ['ü.js', 'changed', 1, 1],
  ]);
  expect(files[1]!.hunks[0]!.lines).toEqual([{ kind: 'removed', text: '-- a line that looks like a header', before: 1 }, { kind: 'note', text: 'No newline at end of file' }]);
  expect(files[4]!.hunks[0]).toEqual({ header: 'function f() {', lines: [{ kind: 'same', text: 'same', before: 7, after: 7 }, { kind: 'removed', text: 'before', before: 8 }, { kind: 'added', text: 'after', after: 8 }] });
});

it('reads what git says of any two texts: both can be made of it again', () => {
  const text = fc.array(fc.constantFrom('a', '-b', '+c', '@@ -1 +1 @@', '--- x', 'diff --git a/x b/x', '\\ No newline', ''), { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(fc.property(text, text, (before, after) => {
    writeFileSync(path.join(folder, 'before'), before);
    writeFileSync(path.join(folder, 'after'), after);
    const files = parseDiff(printed('diff', '--no-index', '--unified=100', 'before', 'after'));
    if (before === after) return expect(files).toEqual([]);
    const lines = files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines));
    const side = (kind: string): string => lines.filter((line) => line.kind === 'same' || line.kind === kind).map((line) => `${line.text}\n`).join('');
    expect([files.length, side('removed'), side('added')]).toEqual([1, before, after]);
  }), { numRuns: 60 });
});

/** Git says by its code that there is a difference. */
function printed(...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
