import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { terminal, type CascadeError } from '@cascade/contracts';
import { parseRecording, recordMessages, type ModelRequest, type RecordedMessage } from './recording.js';

/** Bounds of the search and of what is shown; a recording is a few hundred files. */
const bounds = { files: 5_000, linesAround: 3, charsPerLine: 160 } as const;

interface Candidate {
  readonly file: string;
  readonly lines: readonly string[];
}

/**
 * The error for a conversation that was not recorded. It compares with the most similar recorded one, because the usual
 * cause is one value in a prompt that differs between runs, and that value is what the reader needs to see.
 */
export async function replayMiss(directory: string, hash: string, request: ModelRequest): Promise<CascadeError> {
  const { candidates, unreadable } = await readCandidates(directory);
  const asked = flatten(recordMessages(request));
  const nearest = findNearest(asked, candidates);
  const advice = 'The prompt changed since the recording: record again (CASCADE_LLM_RECORD), or use the commit and inputs of the recording.';
  if (nearest === undefined) {
    return terminal('CASC_REPLAY_MISS', `No recorded answer for this prompt (${hash}), nor any other recording, in ${directory}.`, {
      advice: 'Check CASCADE_LLM_REPLAY: it must be the directory of a recording.', findings: unreadable,
    });
  }
  return terminal('CASC_REPLAY_MISS', `No recorded answer for this prompt (${hash}) in ${directory}.`, {
    advice, findings: [`nearest recorded prompt: ${path.basename(nearest.file)}`, ...firstDifference(asked, nearest.lines), ...unreadable],
  });
}

async function readCandidates(directory: string): Promise<{ candidates: readonly Candidate[]; unreadable: readonly string[] }> {
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  const candidates: Candidate[] = [];
  const unreadable: string[] = files.length > bounds.files ? [`compared with the first ${bounds.files} of ${files.length} recordings`] : [];
  for (const name of files.slice(0, bounds.files)) {
    const file = path.join(directory, name);
    try {
      candidates.push({ file, lines: flatten(parseRecording(file, await readFile(file, 'utf8')).messages) });
    } catch {
      unreadable.push(`not a recording: ${name}`);
    }
  }
  return { candidates, unreadable };
}

const flatten = (messages: readonly RecordedMessage[]): readonly string[] =>
  messages.flatMap((message) => [`--- ${message.role} ---`, ...message.content]);

/** Most lines in common, whatever their order; among equals the longest common beginning, then the file's name. */
function findNearest(asked: readonly string[], candidates: readonly Candidate[]): Candidate | undefined {
  const scored = candidates.map((candidate) => ({ candidate, shared: sharedShare(asked, candidate.lines), prefix: commonPrefix(asked, candidate.lines) }));
  return scored.toSorted((a, b) => b.shared - a.shared || b.prefix - a.prefix || (a.candidate.file < b.candidate.file ? -1 : 1))[0]?.candidate;
}

/** Dice coefficient over lines. */
function sharedShare(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of left) counts.set(line, (counts.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of right) {
    const count = counts.get(line) ?? 0;
    if (count > 0) shared += 1;
    counts.set(line, count - 1);
  }
  return (2 * shared) / (left.length + right.length);
}

function commonPrefix(left: ArrayLike<string>, right: ArrayLike<string>): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return at;
  return length;
}

function firstDifference(asked: readonly string[], recorded: readonly string[]): readonly string[] {
  const at = commonPrefix(asked, recorded);
  const column = commonPrefix(asked[at] ?? '', recorded[at] ?? '');
  const before = asked.slice(Math.max(0, at - bounds.linesAround), at).map((line) => `  ${window(line, 0)}`);
  const side = (mark: string, lines: readonly string[]): string[] =>
    at >= lines.length ? [`${mark} (ends here)`] : lines.slice(at, at + bounds.linesAround).map((line, index) => `${mark} ${window(line, index === 0 ? column : 0)}`);
  return [`first difference at line ${at + 1} of the prompt, column ${column + 1} (- recorded, + asked now):`, ...before, ...side('-', recorded), ...side('+', asked)];
}

/** The part of a long line that holds `column`. */
function window(line: string, column: number): string {
  const start = line.length <= bounds.charsPerLine ? 0 : Math.max(0, column - 40);
  const shown = line.slice(start, start + bounds.charsPerLine);
  return `${start > 0 ? '…' : ''}${shown}${start + shown.length < line.length ? '…' : ''}`;
}
