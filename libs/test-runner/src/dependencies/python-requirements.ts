import { dependenciesFailed } from './dependency-errors.js';

const MAX_REQUIREMENTS = 500;
const MAX_DEPTH = 3;
/** PEP 508 without a URL: a name, extras, versions, a marker. */
const requirement = /^[A-Za-z0-9][\w.-]*\s*(?:\[[\w\s,.-]*\])?\s*(?:\(?[\w\s.,<>=!~*+-]*\)?)?\s*(?:;[\w\s.,<>=!~'"()-]*)?$/;

/** What test tools are usually listed in, besides what the program itself needs. */
export const requirementFiles: readonly string[] = ['requirements.txt', 'requirements-dev.txt', 'requirements_dev.txt', 'dev-requirements.txt', 'requirements-test.txt', 'test-requirements.txt', 'requirements/base.txt', 'requirements/dev.txt', 'requirements/test.txt'];

/** Requirements that pip may be given; URLs, local paths and options would fetch or build things that nobody vouched for. */
export function checkRequirements(from: string, lines: readonly string[]): string[] {
  const wanted = lines.map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter((line) => line !== '');
  const bad = wanted.filter((line) => !requirement.test(line) || line.includes('://'));
  if (bad.length > 0) throw dependenciesFailed(`${from} asks for something other than packages of an index: ${bad[0]}`, '', bad);
  if (wanted.length > MAX_REQUIREMENTS) throw dependenciesFailed(`${from} asks for more than ${MAX_REQUIREMENTS} packages`);
  return wanted;
}

/** One file's requirements, with those of the files that it includes (`-r`); hashes are left out, index options are refused. */
export async function readRequirements(path: string, read: (path: string) => Promise<string | undefined>, depth = 0): Promise<string[]> {
  const text = await read(path);
  if (text === undefined) return [];
  const joined = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/).map((line) => line.replace(/\s+--hash=\S+/g, '').trim());
  const own = checkRequirements(path, joined.filter((line) => !/^(?:-r|--requirement|-c|--constraint)\b/.test(line)));
  const included: string[] = [];
  for (const line of joined) {
    const other = /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(line)?.[1];
    if (other === undefined) continue;
    if (depth >= MAX_DEPTH) throw dependenciesFailed(`${path} includes files more than ${MAX_DEPTH} levels deep`);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    included.push(...await readRequirements(`${folder}${other.replace(/^\.\//, '')}`, read, depth + 1));
  }
  return [...own, ...included];
}
