import type { KnownFiles } from '@cascade/bmad';
import type { TestPlan } from '@cascade/contracts';
import { symbolLines } from '@cascade/docs-client';
import { isManifest, isReadme, MAX_SHOWN_CHARACTERS, placeIn, relevance, requestWords } from './choose-files.js';
import { placeOf, type Guide } from './guide.js';
import type { RepositoryFiles } from './read-repository.js';

/** Bounds of what goes into a prompt; files that do not fit are listed by name, never cut, the README excepted. */
export const MAX_LISTED_FILES = 300;
export const MAX_README_CHARACTERS = 4000;

export interface RepositoryContext {
  /** For prompts: the same bytes for the same commit and request. */
  readonly text: string;
  /** For citations: every listed file, with its number of lines where they are shown. */
  readonly files: KnownFiles;
}

interface Shown {
  readonly path: string;
  readonly lines: readonly string[];
  readonly whole: boolean;
}

/** What the team sees of the repository: how it is tested, its files, and the contents that the request points at. */
export function repositoryContext(repository: RepositoryFiles, testPlan: TestPlan, request: string, guide?: Guide): RepositoryContext {
  const shown = choose(repository, request, foundPaths(guide));
  const lines = new Map(shown.map((file) => [file.path, file.lines.length]));
  const others = guide?.hits.filter(({ source }) => !lines.has(placeOf(source).path)) ?? [];
  const listed = repository.entries.slice(0, MAX_LISTED_FILES).map((entry) => entry.path);
  const more = repository.entries.length - listed.length;
  const text = [
    `Tests: \`${testPlan.command.join(' ')}\` (${testPlan.runner}, ${testPlan.typescript ? 'TypeScript' : testPlan.ecosystem}, modules: ${testPlan.moduleSystem}), in ${testPlan.testDirectory}`,
    `Files:\n${listed.map((path) => `- ${path}`).join('\n')}${more > 0 ? `\nand ${more} more` : ''}`,
    'Contents that may be cited, with line numbers:',
    ...shown.map(render),
    ...(others.length === 0 ? [] : [`Found for the request in files that are not shown; may be cited with these lines:\n${symbolLines(others)}`]),
    ...(guide === undefined || guide.map === '' ? [] : [`What most of the code depends on, by file, each with its first line:\n${guide.map.trimEnd()}`]),
  ].join('\n\n');
  for (const { path, lastLine } of others.map(({ source }) => placeOf(source))) lines.set(path, Math.max(lines.get(path) ?? 0, lastLine));
  return { text, files: new Map(repository.entries.map((entry) => [entry.path, lines.get(entry.path)])) };
}

/** Files that the graph found, that of the best hit first. */
export const foundPaths = (guide: Guide | undefined): string[] => [...new Set(guide?.hits.map(({ source }) => placeOf(source).path))];

/** README and manifests, then what was found, then by relevance until the bound; shown by path. */
function choose(repository: RepositoryFiles, request: string, found: readonly string[]): Shown[] {
  const words = requestWords(request);
  const rank = ({ path, text }: { path: string; text: string }): number[] => (isReadme(path) || isManifest(path) ? [0] : [1, placeIn(found, path), -relevance(path, text, words)]);
  const ranked = repository.files.map((file) => ({ file, rank: rank(file) })).sort((left, right) => compareRanks(left.rank, right.rank) || (left.file.path < right.file.path ? -1 : 1));
  const shown: Shown[] = [];
  let left = MAX_SHOWN_CHARACTERS;
  for (const { file } of ranked) {
    const text = isReadme(file.path) ? headOf(file.text) : file.text;
    if (text.trim() === '' || text.length > left) continue;
    left -= text.length;
    shown.push({ path: file.path, lines: linesOf(text), whole: text.length === file.text.length });
  }
  return shown.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  const index = left.findIndex((part, at) => part !== right[at]);
  return index === -1 ? 0 : left[index]! - right[index]!;
}

/** The first whole lines within the bound. */
function headOf(text: string): string {
  if (text.length <= MAX_README_CHARACTERS) return text;
  const end = text.lastIndexOf('\n', MAX_README_CHARACTERS);
  return text.slice(0, end === -1 ? MAX_README_CHARACTERS : end);
}

const linesOf = (text: string): string[] => text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');

function render(file: Shown): string {
  const head = `--- ${file.path} (${file.whole ? '' : 'first '}${file.lines.length} lines)`;
  return [head, ...file.lines.map((line, index) => `${index + 1}| ${line}`)].join('\n');
}
