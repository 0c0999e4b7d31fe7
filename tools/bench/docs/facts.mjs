import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SourceReader } from '@cascade/docs-graph';

/** Paths of all files below a folder, relative to it, in order; links are not followed. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

/** Each package with the facts of its files; what was skipped is left out. */
export async function readPackages(packages) {
  const reader = await SourceReader.open();
  const read = packages.map((one) => ({
    ...one,
    files: filesBelow(one.folder).map((name) => reader.read(name, readFileSync(path.join(one.folder, name)))).filter(({ status }) => status !== 'skipped'),
  }));
  reader.close();
  return read;
}

/** Lines, functions and classes per language, biggest first. */
export function sizes(packages) {
  const languages = new Map();
  for (const file of packages.flatMap(({ files }) => files)) {
    if (file.status !== 'source') continue;
    const name = file.language === 'tsx' ? 'typescript' : file.language;
    const size = languages.get(name) ?? { name, files: 0, lines: 0, functions: 0, classes: 0, calls: 0 };
    languages.set(name, size);
    size.files += 1;
    size.lines += file.lines;
    size.functions += file.functions.length;
    size.classes += file.classes.length;
    size.calls += file.calls.length;
  }
  return [...languages.values()].sort((a, b) => b.lines - a.lines);
}
