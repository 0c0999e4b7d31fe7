import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { hostPython } from '@cascade/sandbox';
import { dependenciesFailed } from './dependency-errors.js';
import { cacheKey, installOnce } from './install-cache.js';
import { checkRequirements, readRequirements, requirementFiles } from './python-requirements.js';
import { repositoryFile } from './repository-file.js';
import { runTool, type ToolOptions } from './run-tool.js';

const PROBE_TIMEOUT_MS = 20_000;

const projectTable = z.object({
  dependencies: z.array(z.string().max(1000)).max(500).catch([]).default([]),
  'optional-dependencies': z.record(z.string(), z.array(z.string().max(1000)).max(500)).catch({}).default({}),
}).catch({ dependencies: [], 'optional-dependencies': {} });
const groups = z.record(z.string(), z.array(z.unknown()).max(500)).catch({}).default({});
const pyproject = z.object({ project: projectTable.optional(), 'dependency-groups': groups });

/** Groups that hold what tests need, by the names that people give them. */
const testGroup = /^(?:tests?|testing|dev|develop|development)$/;

/** Isolated (`-I`), so that nothing in the current folder or of the user's environment is imported. */
const readToml = 'import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.stdin.read()), default=str))';

function probe(python: string, code: string, input?: string): string | undefined {
  const asked = spawnSync(python, ['-I', '-c', code], { encoding: 'utf8', timeout: PROBE_TIMEOUT_MS, ...(input === undefined ? {} : { input }) });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

function pyprojectRequirements(python: string, text: string): string[] {
  const json = probe(python, readToml, text);
  if (json === undefined) throw dependenciesFailed('pyproject.toml could not be read (that needs Python 3.11 or later and a valid file)');
  const found = pyproject.parse(JSON.parse(json));
  const optional = Object.entries(found.project?.['optional-dependencies'] ?? {}).filter(([name]) => testGroup.test(name)).flatMap(([, wanted]) => wanted);
  const grouped = Object.entries(found['dependency-groups']).filter(([name]) => testGroup.test(name)).flatMap(([, wanted]) => wanted.filter((item) => typeof item === 'string'));
  return checkRequirements('pyproject.toml', [...found.project?.dependencies ?? [], ...optional, ...grouped]);
}

async function wantedPackages(python: string, folder: string, needsPytest: boolean): Promise<string[]> {
  const read = (path: string): Promise<string | undefined> => repositoryFile(folder, path);
  const wanted = new Set<string>();
  for (const path of requirementFiles) for (const line of await readRequirements(path, read)) wanted.add(line);
  const project = await read('pyproject.toml');
  if (project !== undefined) for (const line of pyprojectRequirements(python, project)) wanted.add(line);
  const hasPytest = [...wanted].some((line) => /^pytest\b(?!-)/i.test(line)) || probe(python, 'import pytest') !== undefined;
  if (needsPytest && !hasPytest) wanted.add('pytest');
  return [...wanted].sort();
}

/** The sandbox's Python with its own pip, else any pip, told which version to install for. */
async function pipCommand(python: string, version: string, options: ToolOptions): Promise<string[]> {
  if ((await runTool([python, '-m', 'pip', '--version'], options)).exitCode === 0) return [python, '-m', 'pip', 'install'];
  if ((await runTool(['python3', '-m', 'pip', '--version'], options)).exitCode === 0) return ['python3', '-m', 'pip', 'install', '--python-version', version, '--implementation', 'cp'];
  throw dependenciesFailed('pip was not found, and the tests need packages');
}

/**
 * Installs what requirements files and pyproject.toml ask for into the cache, wheels only: building a source package would run
 * its code. Returns the folder for PYTHONPATH, or undefined when nothing is needed. Throws CASC_DEPENDENCIES_FAILED (terminal).
 */
export async function pipDependencies(folder: string, cacheRoot: string, needsPytest: boolean, options: Omit<ToolOptions, 'cwd'>): Promise<string | undefined> {
  const python = hostPython();
  if (python === undefined) throw dependenciesFailed('Python 3 was not found on this machine');
  const wanted = await wantedPackages(python, folder, needsPytest);
  if (wanted.length === 0) return undefined;
  const version = probe(python, 'import sys; print("%d.%d" % sys.version_info[:2])') ?? '';
  return installOnce(cacheRoot, cacheKey('pip', [version, ...wanted]), async (temporary) => {
    const tool = { ...options, cwd: temporary };
    const argv = [...await pipCommand(python, version, tool), '--only-binary=:all:', '--target', temporary, '--no-input', '--disable-pip-version-check', '--no-compile', '--quiet', ...wanted];
    const result = await runTool(argv, tool);
    if (result.exitCode !== 0) throw dependenciesFailed('pip could not install the repository\'s packages:', result.tail);
  });
}
