import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { isCascadeError, redisNodes } from '@cascade/contracts';
import { askRedis, ensureBwrap, runCommand } from '@cascade/local-runtime';
import { modelSource, requireModelConfig } from '@cascade/llm';
import { hostPython, openSandbox } from '@cascade/sandbox';
import { readHostConfig } from '@cascade/service-host';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';
import type { Check } from './check.js';
import { deploymentCheckers } from './deployment-checks.js';
import { checkDriver, gitButlerChecks } from './driver-checks.js';
import { atPlace } from '../place.js';
import { harmless } from '../screen.js';

const OLDEST_GIT = [2, 38] as const;
const LEAST_DISK_BYTES = 2 * 1024 ** 3;

/**
 * Looks at everything that a cascade needs on this machine, and at the deployment that `REDIS_URL` names; with `gitbutler` whether its `but` does what Cascade needs of
 * it. Exit code 2 when something is missing.
 */
export async function doctor(options: { readonly json?: boolean; readonly gitbutler?: boolean }, { env, screen }: CommandContext): Promise<number> {
  let isWell = true;
  const tell = async (name: string, check: () => Promise<Omit<Check, 'name'>>): Promise<void> => {
    const result = await tried(name, check);
    isWell &&= result.ok;
    if (options.json === true) screen.data(JSON.stringify(result));
    else screen.data(`${result.ok ? screen.dataStyle('green', '✔') : screen.dataStyle('red', '✖')} ${name.padEnd(8)} ${harmless(result.detail)}${result.advice === undefined ? '' : `\n    ${harmless(result.advice).replaceAll('\n', '\n    ')}`}`);
  };
  if (options.gitbutler === true) for await (const check of gitButlerChecks()) await tell('but', check);
  else for (const [name, check] of Object.entries({ ...checkers, ...(env['REDIS_URL'] ? deploymentCheckers(env) : {}) })) await tell(name, () => check(env));
  return isWell ? exitCodes.done : exitCodes.usage;
}

type Checker = (env: NodeJS.ProcessEnv) => Promise<Omit<Check, 'name'>>;

const checkers: Readonly<Record<string, Checker>> = { node: checkNode, git: checkGit, redis: checkRedis, sandbox: checkSandbox, model: checkModel, driver: checkDriver, disk: checkDisk };

async function tried(name: string, check: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    const advice = isCascadeError(error) ? error.advice : undefined;
    return { name, ok: false, detail: (error as Error).message, ...(advice === undefined ? {} : { advice }) };
  }
}

async function checkNode(): Promise<Omit<Check, 'name'>> {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  return { ok, detail: process.version, ...(ok ? {} : { advice: 'Cascade runs on Node 24 or later; `npm run cascade` brings its own.' }) };
}

async function checkGit(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  const { code, stdout } = await runCommand(['git', '--version'], { env });
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout)?.slice(1) ?? []).map(Number);
  const ok = code === 0 && (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1]));
  return { ok, detail: code === 0 ? stdout.trim() : 'not found', ...(ok ? {} : { advice: `Install git ${OLDEST_GIT.join('.')} or later (its merge-tree merges without a checkout).` }) };
}

async function checkRedis(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  return atPlace(env, false, async (place) => {
    const [info = ''] = await askRedis(redisNodes(place.redisUrl)[0], [['INFO', 'server']]);
    const version = /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
    const ok = Number(version.split('.')[0]) >= 7;
    return { ok, detail: `version ${version}, ${env['REDIS_URL'] ? 'named by REDIS_URL' : 'a private server'}`, ...(ok ? {} : { advice: 'Cascade needs Redis 7.0 or later, or Valkey.' }) };
  });
}

async function checkSandbox(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  const bwrap = await ensureBwrap(env);
  Object.assign(process.env, bwrap);
  const { description } = await openSandbox();
  return { ok: true, detail: `${bwrap.CASCADE_BWRAP}, memory by ${description.memory}, python ${hostPython() ?? 'not found (only needed for Python repositories)'}` };
}

async function checkModel(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  return { ok: true, detail: modelSource(requireModelConfig(env)) };
}

async function checkDisk(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  const { workspacesFolder } = readHostConfig(env);
  const folder = existsSync(workspacesFolder) ? workspacesFolder : path.dirname(workspacesFolder);
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const ok = bavail * bsize >= LEAST_DISK_BYTES;
  return { ok, detail: `${(bavail * bsize / 1024 ** 3).toFixed(1)} GB free for workspaces in ${workspacesFolder}`, ...(ok ? {} : { advice: 'Free some space, or set CASCADE_WORKSPACES to a folder with at least 2 GB.' }) };
}
