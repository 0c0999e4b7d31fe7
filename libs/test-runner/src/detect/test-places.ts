/** Examples longer than this say little more and cost a prompt's room. */
const EXAMPLE_BYTES = 8_000;

/** The folder that holds most tests (the first by name among equals), with a slash at the end; empty for the root itself. */
export function commonFolder(tests: readonly string[], preset: string): string {
  const counts = new Map<string, number>();
  for (const path of tests) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const found = ranked[0]?.[0];
  return found === undefined ? preset : found === '' ? './' : found;
}

/** A test to learn the repository's manner from: the first by name that is not long, else the shortest. */
export function exampleTest(tests: readonly string[], bytesOf: (path: string) => number): string | undefined {
  const short = tests.find((path) => bytesOf(path) > 0 && bytesOf(path) <= EXAMPLE_BYTES && !path.endsWith('__init__.py'));
  return short ?? [...tests].sort((a, b) => bytesOf(a) - bytesOf(b) || (a < b ? -1 : 1))[0];
}
