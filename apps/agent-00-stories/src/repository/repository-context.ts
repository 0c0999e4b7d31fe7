import type { KnownFiles } from '@cascade/bmad';
import type { TestPlan } from '@cascade/contracts';
import { isManifest, isReadme, relevance, requestWords } from './choose-files.js';
import type { RepositoryFiles } from './read-repository.js';

/** Bounds of what goes into a prompt; files that do not fit are listed by name, never cut, the README excepted. */
export const MAX_LISTED_FILES = 300;
export const MAX_SHOWN_CHARACTERS = 60_000;
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
export function repositoryContext(repository: RepositoryFiles, testPlan: TestPlan, request: string): RepositoryContext {
  const shown = choose(repository, request);
  const listed = repository.entries.slice(0, MAX_LISTED_FILES).map((entry) => entry.path);
  const more = repository.entries.length - listed.length;
  const text = [
    `Tests: \`${testPlan.command.join(' ')}\` (${testPlan.runner}, ${testPlan.typescript ? 'TypeScript' : testPlan.ecosystem}, modules: ${testPlan.moduleSystem}), in ${testPlan.testDirectory}`,
    `Files:\n${listed.map((path) => `- ${path}`).join('\n')}${more > 0 ? `\nand ${more} more` : ''}`,
    'Contents that may be cited, with line numbers:',
    ...shown.map(render),
  ].join('\n\n');
  const lines = new Map(shown.map((file) => [file.path, file.lines.length]));
  return { text, files: new Map(repository.entries.map((entry) => [entry.path, lines.get(entry.path)])) };
}

/** README and manifests, then by relevance until the bound; shown by path. */
function choose(repository: RepositoryFiles, request: string): Shown[] {
  const words = requestWords(request);
  const rank = (file: { path: string; text: string }): number => (isReadme(file.path) || isManifest(file.path) ? Infinity : relevance(file.path, file.text, words));
  const ranked = repository.files.map((file) => ({ file, rank: rank(file) })).sort((left, right) => (left.rank === right.rank ? (left.file.path < right.file.path ? -1 : 1) : right.rank - left.rank));
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
