import { docsSurroundings, type Project, type Run } from '@cascade/contracts';
import type { DocsClient } from './docs-client.js';
import { symbolLines } from './symbol-lines.js';

/** Most paths that one question may name. */
const MAX_PATHS = 200;

export interface SurroundingsOf {
  /** Files that are to be changed. */
  readonly paths: readonly string[];
  /** Files that a prompt shows whole. */
  readonly shown: readonly string[];
  /** Files that it would show if they were not too long. */
  readonly outlined: readonly string[];
  readonly tokens: number;
}

/**
 * What a prompt says of the code that it does not show, as signatures with their places; asked in a journalled step.
 * Undefined when there is nothing to say, the graph does not answer, or the project was small enough to do without.
 */
export async function surroundings(docs: DocsClient, run: Run, name: string, { docs: known, branch }: Project, { paths, shown, outlined, tokens }: SurroundingsOf): Promise<string | undefined> {
  if (known === undefined) return undefined;
  const answer = await docs.ask(run, name, docsSurroundings, {
    repository: known.repository, branch, paths: paths.slice(0, MAX_PATHS), shown: shown.slice(0, MAX_PATHS), outlined: outlined.slice(0, MAX_PATHS), tokens,
  });
  if (answer === undefined) return undefined;
  const sections = [
    ['What the files that change call in files that are not shown:', answer.calls],
    ['What calls the files that change, in files that are not shown:', answer.calledBy],
    ['What is in the files that are too long to be shown:', answer.outline],
  ] as const;
  return sections.filter(([, symbols]) => symbols.length > 0).map(([title, symbols]) => `${title}\n${symbolLines(symbols)}`).join('\n\n') || undefined;
}
