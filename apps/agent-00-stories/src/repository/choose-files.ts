/** Bounds of what is read of a repository; what is left out is named in the prompt. */
export const MAX_READ_FILES = 120;
export const MAX_READ_BYTES = 1_000_000;
export const MAX_FILE_BYTES = 60_000;
/** Bound of what goes into a prompt: files that do not fit are listed by name, never cut, the README excepted. */
export const MAX_SHOWN_CHARACTERS = 60_000;

export interface FileEntry {
  readonly path: string;
  readonly bytes: number;
}

const source = /\.(?:[cm]?[jt]sx?|py)$/;
const manifest = /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|tox\.ini|pytest\.ini|tsconfig\.json|(?:jest|vitest|vite)\.config\.[cm]?[jt]s)$/;
const readme = /^readme(?:\.(?:md|rst|txt))?$/i;
/** Dependencies, build products, lock files, and what earlier cascades wrote: nothing that a story should build on. */
const noise = /(?:^|\/)(?:node_modules|dist|build|coverage|vendor|__pycache__|\.[^/]+)\/|^docs\/(?:prd|stories|qa)\/|^docs\/prd\.md$|^specs\/|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock)$|\.min\.js$/;

export const isReadme = (path: string): boolean => readme.test(path);
export const isManifest = (path: string): boolean => manifest.test(path);
export const isSource = (path: string): boolean => source.test(path);

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The files that count, by path, compared by code unit: the same order on every machine. */
export function ownFiles(entries: readonly FileEntry[]): FileEntry[] {
  return entries.filter((entry) => !noise.test(entry.path)).sort((left, right) => compare(left.path, right.path));
}

/** Words of the request that say which files it is about. */
export function requestWords(request: string): string[] {
  return [...new Set(request.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [])].sort(compare);
}

const hits = (text: string, words: readonly string[]): number => words.filter((word) => text.includes(word)).length;

/** Higher for files that the request's words point at; its path counts more than its text. */
export const relevance = (path: string, text: string, words: readonly string[]): number => 3 * hits(path.toLowerCase(), words) + hits(text.toLowerCase(), words);

/** Where a path stands in a list of which the first is the best; behind all for one that it lacks. */
export function placeIn(found: readonly string[], path: string): number {
  const index = found.indexOf(path);
  return index === -1 ? found.length : index;
}

/** README, manifests and then sources, within the bounds: those that were `found` in their order, then the most relevant first. */
export function chooseFiles(entries: readonly FileEntry[], request: string, found: readonly string[] = []): string[] {
  const words = requestWords(request);
  const own = ownFiles(entries).filter((entry) => entry.bytes <= MAX_FILE_BYTES);
  const first = own.filter((entry) => isReadme(entry.path) || isManifest(entry.path));
  const sources = own.filter((entry) => isSource(entry.path) && !first.includes(entry))
    .sort((left, right) => placeIn(found, left.path) - placeIn(found, right.path) || relevance(right.path, '', words) - relevance(left.path, '', words) || compare(left.path, right.path));
  const chosen: string[] = [];
  let bytes = 0;
  for (const entry of [...first, ...sources]) {
    if (chosen.length >= MAX_READ_FILES) break;
    if (bytes + entry.bytes > MAX_READ_BYTES) continue;
    chosen.push(entry.path);
    bytes += entry.bytes;
  }
  return chosen.sort(compare);
}
