import { docsMap, docsSearch, type ReplyOf, type Run } from '@cascade/contracts';
import type { DocsClient, IndexedBranch } from '@cascade/docs-client';
import { isManifest, isReadme, isSource, MAX_READ_FILES, MAX_SHOWN_CHARACTERS, ownFiles, type FileEntry } from './choose-files.js';

/** Bounds of what of the documentation graph goes into a prompt. */
const HITS = 30;
const MAP_TOKENS = 3_000;

/** What the documentation graph says about a request: where to look, and what the rest of the repository consists of. */
export interface Guide {
  /** The best first. */
  readonly hits: ReplyOf<typeof docsSearch>['hits'];
  /** Signatures by file, each with its line. */
  readonly map: string;
}

/** A team that sees every file needs no guide. */
export function needsGuide(entries: readonly FileEntry[]): boolean {
  const shown = ownFiles(entries).filter(({ path }) => isSource(path) || isManifest(path) || isReadme(path));
  return shown.length > MAX_READ_FILES || shown.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_SHOWN_CHARACTERS;
}

/** Asks the graph, in journalled steps; undefined when it does not answer. */
export async function askForGuide(docs: DocsClient, run: Run, at: IndexedBranch, request: string): Promise<Guide | undefined> {
  if (!await docs.isIndexed(run, 'stories/docs', at)) return undefined;
  const { repository, branch } = at;
  const found = await docs.ask(run, 'stories/docs/search', docsSearch, { repository, branch, query: asQuery(request), limit: HITS });
  const map = await docs.ask(run, 'stories/docs/map', docsMap, { repository, branch, tokens: MAP_TOKENS });
  return found === undefined && map === undefined ? undefined : { hits: found?.hits ?? [], map: map?.text ?? '' };
}

/** The request as a query: as much of it as one may have, without control characters. */
const asQuery = (request: string): string => request.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 2000);

const place = /^(.+)#L(\d+)-L(\d+)$/s;

/** The file of a source `path#L1-L9`, and its last line. */
export function placeOf(source: string): { readonly path: string; readonly lastLine: number } {
  const [, path = source, , last = '1'] = place.exec(source) ?? [];
  return { path, lastLine: Number(last) };
}
