import type { Story } from '@cascade/contracts';
import { concern, fail, type Finding } from './finding.js';

/** Files of the repository by path; the number of lines where the text was read. */
export type KnownFiles = ReadonlyMap<string, number | undefined>;

/**
 * Why a source does not point at something that exists, or undefined when it does. Forms: `path`, `path#L3`,
 * `path#L3-L9`, and `path#heading` for documents.
 */
export function sourceProblem(source: string, files: KnownFiles): string | undefined {
  const [path = '', anchor] = source.split(/#(.*)/s, 2);
  if (!files.has(path)) return `there is no file ${JSON.stringify(path.slice(0, 120))} in the repository`;
  if (anchor === undefined) return undefined;
  const range = /^L(\d+)(?:-L(\d+))?$/.exec(anchor);
  if (range === null) return /\.(md|markdown|rst|txt|adoc)$/i.test(path) ? undefined : `"#${anchor.slice(0, 60)}" is not a range of lines like #L1-L20`;
  const first = Number(range[1]);
  const last = Number(range[2] ?? range[1]);
  const lines = files.get(path);
  if (first < 1 || last < first) return `the lines ${first} to ${last} are not a range`;
  return lines !== undefined && last > lines ? `${path} has only ${lines} lines` : undefined;
}

/** Every technical claim is cited, and every citation resolves (validate-next-story: anti-hallucination). */
export function checkSources(story: Story, files: KnownFiles): Finding[] {
  if (story.devNotes.length === 0) return [concern('dev-notes-missing', 'it has no developer notes', story.id)];
  return story.devNotes.flatMap(({ source }) => {
    const problem = sourceProblem(source, files);
    return problem === undefined ? [] : [fail('source-unresolved', `the developer note's source ${JSON.stringify(source.slice(0, 120))} does not resolve: ${problem}`, story.id)];
  });
}
