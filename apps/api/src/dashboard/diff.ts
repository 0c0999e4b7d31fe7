/** Lines of a diff that are shown; what goes on after them is said. */
export const MAX_DIFF_LINES = 5_000;

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'note';
  readonly text: string;
  readonly before?: number;
  readonly after?: number;
}

export interface DiffHunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffFile {
  readonly path: string;
  /** Where it was, when that was elsewhere. */
  readonly from?: string;
  readonly change: 'added' | 'removed' | 'changed' | 'renamed' | 'binary';
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly DiffHunk[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface FileInWork extends Omit<Writable<DiffFile>, 'hunks'> {
  hunks: { header: string; lines: DiffLine[] }[];
}

/** What `git diff` printed, file by file. Whatever it does not know it passes over. */
export function parseDiff(text: string): DiffFile[] {
  const reader = new DiffReader();
  for (const line of text.split('\n').slice(0, MAX_DIFF_LINES)) reader.take(line);
  return reader.files;
}

class DiffReader {
  readonly files: FileInWork[] = [];
  private before = 0;
  private after = 0;
  /** Lines that the hunk still has on either side: within it a line `--- x` is a removed `-- x`. */
  private left = { before: 0, after: 0 };

  take(line: string): void {
    const file = this.files.at(-1);
    if (file !== undefined && (this.left.before > 0 || this.left.after > 0)) this.takeBody(file, line);
    else if (line.startsWith('diff --git ')) this.files.push({ path: pathOfHeader(line), change: 'changed', added: 0, removed: 0, hunks: [] });
    else if (file !== undefined) this.takeHead(file, line);
  }

  private takeHead(file: FileInWork, line: string): void {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(line);
    if (hunk !== null) {
      [this.before, this.after] = [Number(hunk[1]), Number(hunk[3])];
      this.left = { before: Number(hunk[2] ?? 1), after: Number(hunk[4] ?? 1) };
      file.hunks.push({ header: hunk[5] ?? '', lines: [] });
    } else if (line.startsWith('\\')) file.hunks.at(-1)?.lines.push({ kind: 'note', text: line.slice(2) });
    else if (line.startsWith('new file')) file.change = 'added';
    else if (line.startsWith('deleted file')) file.change = 'removed';
    else if (line.startsWith('Binary files')) file.change = 'binary';
    else if (line.startsWith('rename from ')) [file.change, file.from] = ['renamed', unquoted(line.slice(12))];
    else if (line.startsWith('rename to ')) file.path = unquoted(line.slice(10));
    else if (line.startsWith('+++ ') || (line.startsWith('--- ') && file.change === 'removed')) file.path = named(line) ?? file.path;
  }

  private takeBody(file: FileInWork, line: string): void {
    const { lines } = file.hunks.at(-1)!;
    const [sign, text] = [line[0], line.slice(1)];
    if (sign === '\\') lines.push({ kind: 'note', text: text.trim() });
    else if (sign === '+') {
      lines.push({ kind: 'added', text, after: this.after++ });
      [this.left.after, file.added] = [this.left.after - 1, file.added + 1];
    } else if (sign === '-') {
      lines.push({ kind: 'removed', text, before: this.before++ });
      [this.left.before, file.removed] = [this.left.before - 1, file.removed + 1];
    } else {
      lines.push({ kind: 'same', text, before: this.before++, after: this.after++ });
      this.left = { before: this.left.before - 1, after: this.left.after - 1 };
    }
  }
}

/** `diff --git a/x b/x`: the only line with a path for an empty or binary file; both halves are the same. */
function pathOfHeader(line: string): string {
  const rest = line.slice('diff --git '.length);
  const half = rest.slice((rest.length + 1) / 2);
  return unquoted(half).replace(/^b\//, '');
}

function named(line: string): string | undefined {
  const name = unquoted(line.slice(4).replace(/\t$/, ''));
  return name === '/dev/null' ? undefined : name.replace(/^[ab]\//, '');
}

/** Git writes names with unusual characters in quotes, their bytes in octal. */
function unquoted(name: string): string {
  if (!/^".*"$/s.test(name)) return name;
  const raw = name.slice(1, -1).replaceAll(/\\([0-7]{3})|\\(.)/g, (_, octal: string | undefined, other: string) => (octal === undefined ? (({ n: '\n', t: '\t' } as Record<string, string>)[other] ?? other) : String.fromCharCode(Number.parseInt(octal, 8))));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(raw, (character) => character.charCodeAt(0)));
  } catch {
    return raw;
  }
}
