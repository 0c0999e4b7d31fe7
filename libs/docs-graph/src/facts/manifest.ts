import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { factBounds } from './bounds.js';
import { countLines } from './decode-text.js';
import type { ManifestFacts, SkipReason } from './file-facts.js';
import { folded, shortened } from './short-text.js';

type Target = ManifestFacts['targets'][number];
type Read = (text: string) => Pick<ManifestFacts, 'name' | 'description'> & Partial<ManifestFacts>;

/** The files in which packages say what they are called and where their sources are; by their name, or undefined. */
function kindOf(file: string): { kind: ManifestFacts['kind']; read: Read } | undefined {
  const name = path.posix.basename(file);
  if (name === 'package.json') return { kind: 'npm', read: npm };
  if (/^[jt]sconfig(?:\.[\w.-]+)?\.json$/.test(name)) return { kind: 'tsconfig', read: tsconfig };
  if (name === 'go.mod') return { kind: 'go', read: goMod };
  if (name === 'Cargo.toml') return { kind: 'cargo', read: cargo };
  return name === 'pyproject.toml' ? { kind: 'python', read: pyproject } : undefined;
}

export const isManifest = (file: string): boolean => kindOf(file) !== undefined;

/** What a manifest says, within bounds; or that it cannot be read. */
export function readManifest(file: string, text: string): ManifestFacts | { reason: SkipReason } {
  const known = kindOf(file);
  if (known === undefined) return { reason: 'unsupported' };
  if (text.length > factBounds.manifest) return { reason: 'too-large' };
  try {
    const said = known.read(text);
    return {
      status: 'manifest', path: file, kind: known.kind, lines: countLines(text),
      name: short(said.name, factBounds.name), description: short(said.description, factBounds.description), base: said.base ?? '',
      extends: (said.extends ?? []).slice(0, factBounds.targets), targets: (said.targets ?? []).slice(0, factBounds.targets),
    };
  } catch {
    return { reason: 'damaged' };
  }
}

const short = (text: string, limit: number): string => shortened(folded(text), limit).text.toWellFormed();

/** A part of another's document: of the wrong form it is as if it were not there. */
const word = z.string().max(factBounds.module).catch('');
const table = z.record(z.string().max(factBounds.module), z.unknown()).catch({});
const list = z.array(z.unknown()).catch([]);
const words = (value: unknown): string[] => (typeof value === 'string' ? [value] : list.parse(value)).map((one) => word.parse(one)).filter((one) => one !== '');

/** https://nodejs.org/api/packages.html: the first target of a path that exists is the one; `source` conditions come first where they are first. */
function npm(text: string): ReturnType<Read> {
  const said = table.parse(JSON.parse(text));
  const exported = typeof said['exports'] === 'object' && Object.keys(table.parse(said['exports'])).some((key) => key.startsWith('.')) ? table.parse(said['exports']) : { '.': said['exports'] };
  const main = ['source', 'module', 'main', 'types'].map((key): Target => ({ pattern: '.', target: word.parse(said[key]) }));
  const targets = [...Object.entries(exported).flatMap(([pattern, value]) => leaves(value).map((target): Target => ({ pattern, target }))), ...main];
  return { name: word.parse(said['name']), description: word.parse(said['description']), targets: targets.filter(({ target }) => target !== '') };
}

/** Conditions nest; the strings in them, in their order. A stack, not recursion. */
function leaves(value: unknown): string[] {
  const found: string[] = [];
  const waiting = [value];
  for (let taken = 0; waiting.length > 0 && taken < factBounds.targets; taken += 1) {
    const next = waiting.pop();
    if (typeof next === 'string') found.push(word.parse(next));
    else waiting.push(...Object.values(table.parse(next)).slice(0, factBounds.targets).reverse());
  }
  return found;
}

/** JSON with comments and commas before what closes: https://www.typescriptlang.org/docs/handbook/tsconfig-json.html */
function tsconfig(text: string): ReturnType<Read> {
  const bare = text.replaceAll(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, '$1').replaceAll(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, '$1');
  const said = table.parse(JSON.parse(bare));
  const options = table.parse(said['compilerOptions']);
  const targets = Object.entries(table.parse(options['paths'])).flatMap(([pattern, value]) => words(value).map((target): Target => ({ pattern, target })));
  return { name: '', description: '', base: word.parse(options['baseUrl']), extends: words(said['extends']), targets };
}

const goMod: Read = (text) => ({ name: /^module[ \t]+"?([^\s"]+)"?/m.exec(text)?.[1] ?? '', description: '' });

function cargo(text: string): ReturnType<Read> {
  const said = table.parse(parseToml(text));
  const [crate, lib] = [table.parse(said['package']), table.parse(said['lib'])];
  const root = word.parse(lib['path']);
  return { name: word.parse(lib['name']) || word.parse(crate['name']), description: word.parse(crate['description']), targets: root === '' ? [] : [{ pattern: '.', target: root }] };
}

function pyproject(text: string): ReturnType<Read> {
  const said = table.parse(parseToml(text));
  const [project, poetry] = [table.parse(said['project']), table.parse(table.parse(said['tool'])['poetry'])];
  return { name: word.parse(project['name']) || word.parse(poetry['name']), description: word.parse(project['description']) || word.parse(poetry['description']) };
}
