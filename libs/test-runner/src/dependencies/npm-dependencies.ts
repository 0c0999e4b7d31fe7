import { existsSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { dependenciesFailed } from './dependency-errors.js';
import { cacheKey, installOnce } from './install-cache.js';
import { repositoryFile } from './repository-file.js';
import { scratchFolders } from '../run/scratch-folders.js';
import { runTool, type ToolOptions } from './run-tool.js';

const list = z.record(z.string(), z.string().max(1000)).optional();
/** Only what says which packages are wanted; scripts, configuration and workspaces of the repository stay outside. */
const manifest = z.object({
  name: z.string().max(300).optional().catch(undefined), version: z.string().max(100).optional().catch(undefined),
  dependencies: list, devDependencies: list, optionalDependencies: list, peerDependencies: list,
  peerDependenciesMeta: z.unknown().optional(), overrides: z.unknown().optional(),
});
type Manifest = z.output<typeof manifest>;
const lockfile = z.object({ packages: z.record(z.string(), z.object({ resolved: z.string().optional(), link: z.boolean().optional() })).optional() });

/** Names, ranges, tags and aliases, which a registry answers; anything else would read our files or use our keys. */
const registrySpec = /^(?:npm:)?(?:@?[\w.-]+(?:\/[\w.-]+)?@)?[\w\s.^~<>=|*+-]*$/;

function parseManifest(text: string): Manifest {
  try {
    const parsed = manifest.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw dependenciesFailed('package.json lists dependencies that cannot be understood', '', parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  } catch (error) {
    if (error instanceof SyntaxError) throw dependenciesFailed(`package.json is not JSON: ${error.message}`);
    throw error;
  }
}

function foreignPackages(found: Manifest, lock: string | undefined): string[] {
  const lists = [found.dependencies, found.devDependencies, found.optionalDependencies, found.peerDependencies];
  const specs = lists.flatMap((wanted) => Object.entries(wanted ?? {})).filter(([, spec]) => !registrySpec.test(spec)).map(([name, spec]) => `${name}: ${spec} does not come from a registry`);
  if (lock === undefined) return specs;
  const parsed = lockfile.safeParse(JSON.parse(lock));
  if (!parsed.success || parsed.data.packages === undefined) return [...specs, 'package-lock.json has an unknown form; lock files of npm 7 and later can be used'];
  const locked = Object.entries(parsed.data.packages).filter(([, item]) => item.link === true || (item.resolved !== undefined && !/^https?:\/\//.test(item.resolved)));
  return [...specs, ...locked.map(([name, item]) => `${name}: ${item.resolved ?? 'a link'} does not come from a registry`)];
}

/** npm's own program, run by our Node; the one that started us if npm did. */
function npmCommand(): string[] {
  const started = process.env.npm_execpath;
  if (started !== undefined && basename(started) === 'npm-cli.js' && existsSync(started)) return [process.execPath, started];
  const found = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute).map((folder) => join(folder, 'npm')).find((path) => existsSync(path));
  if (found === undefined) throw dependenciesFailed('npm was not found, and the tests need packages');
  const real = realpathSync(found);
  return real.endsWith('.js') ? [process.execPath, real] : [real];
}

/**
 * Installs what package.json asks for into the cache, in a clean folder with nothing of the repository but that list and the
 * lock file: a repository's .npmrc could name another registry or another shell. Install scripts never run.
 * Returns the `node_modules` folder, or undefined when nothing is asked for. Throws CASC_DEPENDENCIES_FAILED (terminal).
 */
export async function npmDependencies(folder: string, cacheRoot: string, options: Omit<ToolOptions, 'cwd'>): Promise<string | undefined> {
  const text = await repositoryFile(folder, 'package.json');
  if (text === undefined) return undefined;
  const found = parseManifest(text);
  if ([found.dependencies, found.devDependencies, found.optionalDependencies].every((wanted) => Object.keys(wanted ?? {}).length === 0)) return undefined;
  const lock = await repositoryFile(folder, 'npm-shrinkwrap.json') ?? await repositoryFile(folder, 'package-lock.json');
  const foreign = foreignPackages(found, lock);
  if (foreign.length > 0) throw dependenciesFailed(`Some packages cannot be installed safely: ${foreign[0]}`, '', foreign);
  const wanted = `${JSON.stringify(found, null, 2)}\n`;
  const key = cacheKey('npm', [process.versions.modules, wanted, lock ?? '']);
  const installed = await installOnce(cacheRoot, key, async (temporary) => {
    await writeFile(join(temporary, 'package.json'), wanted);
    if (lock !== undefined) await writeFile(join(temporary, 'package-lock.json'), lock);
    const verb = lock === undefined ? ['install', '--no-package-lock'] : ['ci'];
    const result = await runTool([...npmCommand(), ...verb, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev'], { ...options, cwd: temporary });
    if (result.exitCode !== 0) throw dependenciesFailed('npm could not install the repository\'s packages:', result.tail);
    for (const name of scratchFolders) await mkdir(join(temporary, 'node_modules', name), { recursive: true });
  });
  return join(installed, 'node_modules');
}
