import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { MAX_DIFF_LINES, parseDiff, type DiffFile, type DiffHunk } from './diff.js';
import { many } from './format.js';

const signs = { added: '+', removed: '−', same: ' ', note: ' ' } as const;
const words = { added: 'new', removed: 'deleted', changed: '', renamed: 'renamed', binary: 'binary' } as const;
/** More files than these are closed at first. */
const OPEN_FILES = 12;

export function DiffView({ diff, isCut }: { diff: string; isCut: boolean }): JSX.Element {
  const files = useMemo(() => parseDiff(diff).toSorted((a, b) => Number(isDocument(a)) - Number(isDocument(b))), [diff]);
  const [added, removed] = [sum(files, 'added'), sum(files, 'removed')];
  if (files.length === 0) return <p class="quiet">No file is another.</p>;
  return (
    <div class="diff">
      <p class="quiet">{many(files.length, 'file')}, <Counts added={added} removed={removed} /></p>
      {files.map((file, index) => <File key={`${index} ${file.path}`} file={file} isOpen={index < OPEN_FILES && !(isDocument(file) && files.length > 2)} />)}
      {(isCut || diff.split('\n').length > MAX_DIFF_LINES) && <p class="quiet">The change goes on; the rest is too long to be shown here.</p>}
    </div>
  );
}

/** What describes the change, beside the change itself. */
const isDocument = ({ path }: DiffFile): boolean => /^(docs|specs)\//.test(path);
const sum = (files: readonly DiffFile[], key: 'added' | 'removed'): number => files.reduce((all, file) => all + file[key], 0);

function Counts({ added, removed }: { added: number; removed: number }): JSX.Element {
  return <span class="counts"><span class="added">+{added}<span class="hidden"> lines added</span></span> <span class="removed">−{removed}<span class="hidden"> lines removed</span></span></span>;
}

function File({ file, isOpen }: { file: DiffFile; isOpen: boolean }): JSX.Element {
  return (
    <details class="diff-file" open={isOpen}>
      <summary><span class="mono path">{file.from === undefined ? '' : `${file.from} → `}{file.path}</span>{words[file.change] !== '' && <span class="tag">{words[file.change]}</span>}<Counts added={file.added} removed={file.removed} /></summary>
      {file.hunks.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Changes of ${file.path}`}>
          <table class="lines">
            <caption class="hidden">Lines of {file.path}: number before, number after, sign, text</caption>
            {file.hunks.map((hunk, index) => <Hunk key={index} hunk={hunk} isWhole={file.change === 'added' || file.change === 'removed'} />)}
          </table>
        </div>
      )}
    </details>
  );
}

function Hunk({ hunk, isWhole }: { hunk: DiffHunk; isWhole: boolean }): JSX.Element {
  return (
    <tbody>
      {!isWhole && <tr class="hunk"><td colSpan={4}>{hunk.header === '' ? '⋯' : `⋯ ${hunk.header}`}</td></tr>}
      {hunk.lines.map((line, index) => (
        <tr key={index} class={line.kind}>
          <td class="number">{line.before}</td><td class="number">{line.after}</td><td class="sign">{signs[line.kind]}</td><td class="line">{line.text}</td>
        </tr>
      ))}
    </tbody>
  );
}
