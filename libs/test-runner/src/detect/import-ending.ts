import type { TestPlan } from '@cascade/contracts';

const relativeImport = /\bfrom\s+['"]\.{1,2}\/(?:[^'"\n]*\/)?[^'"\n/]*?(\.[cm]?[jt]sx?)?['"]/g;

/** What most relative imports of these TypeScript texts end in; undefined when there are none. Other endings (`.mjs`, `.jsx`) do not count. */
export function importEnding(texts: readonly string[]): TestPlan['importEnding'] {
  const counts = { '.js': 0, '.ts': 0, '': 0 };
  for (const text of texts) {
    for (const [, ending = ''] of text.matchAll(relativeImport)) if (ending in counts) counts[ending as keyof typeof counts] += 1;
  }
  const [most] = (['.js', '.ts', ''] as const).toSorted((a, b) => counts[b] - counts[a]);
  return most === undefined || counts[most] === 0 ? undefined : most;
}
