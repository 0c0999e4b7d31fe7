import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isolationArguments, type Furniture, type Shape } from './bwrap-arguments.js';
import { BubblewrapSandbox, dropUser, launcherEnvironment, type BubblewrapParts } from './bubblewrap-sandbox.js';
import { createControlGroup, sweepControlGroups } from './cgroup.js';
import { findHostTools, findPython, unavailable, type HostTools } from './host-tools.js';
import { firstSandboxUid, nodeMount, sandboxLimits } from './limits.js';
import { proveSandbox } from './prove-sandbox.js';
import type { Sandbox, SandboxDescription } from './sandbox.js';
import { sandboxEtc } from './sandbox-etc.js';
import { isFilteredArchitecture, seccompFilter } from './seccomp.js';
import { reachableFile, reachableFolder, sweepSharedCache } from './shared-cache.js';

const PROBE_TIMEOUT_MS = 30_000;
const REASON_CHARACTERS = 300;

/** Strictest first. Containers with a masked /proc refuse a new one; some also forbid to switch user namespaces off. */
const shapes: readonly Shape[] = [
  { ownProc: true, disableUserns: true },
  { ownProc: true, disableUserns: false },
  { ownProc: false, disableUserns: false },
];

function findShape(tools: HostTools, furniture: Furniture): Shape {
  let reason = '';
  for (const shape of shapes) {
    const argv = [...dropUser(tools, firstSandboxUid), tools.bwrap, ...isolationArguments(shape, furniture), '--dev', '/dev', '--', nodeMount, '--version'];
    const tried = spawnSync(argv[0]!, argv.slice(1), { env: launcherEnvironment(tools), encoding: 'utf8', timeout: PROBE_TIMEOUT_MS });
    if (tried.status === 0) return shape;
    reason = tried.error?.message ?? (tried.stderr.trim() || `exit code ${tried.status}`);
  }
  throw unavailable(`bubblewrap does not work here: ${reason.slice(0, REASON_CHARACTERS)}`,
    'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, AppArmor), or start the container with the profile deploy/docker/seccomp-userns.json.');
}

async function memoryLimiter(allowed: boolean): Promise<SandboxDescription['memory']> {
  if (!allowed) return 'watchdog';
  sweepControlGroups();
  const group = createControlGroup(sandboxLimits.memoryBytes, sandboxLimits.processes);
  await group?.remove();
  return group?.kind ?? 'watchdog';
}

export interface OpenSandboxOptions {
  /** Instead of CASCADE_BWRAP or PATH. */
  readonly bwrapPath?: string;
  /** `false`: watch memory instead of using control groups even where they can be written. */
  readonly controlGroups?: boolean;
}

/**
 * Finds bubblewrap, finds out what this machine allows, and proves that it holds: a command that must work does, commands that
 * must be refused are. One sandbox serves a whole process; its runs may overlap.
 * Throws CASC_SANDBOX_UNAVAILABLE (terminal) with the reason and what to do; then nothing model-written may run.
 */
export async function openSandbox(options: OpenSandboxOptions = {}): Promise<Sandbox> {
  const isRoot = process.getuid?.() === 0;
  const found = findHostTools(options.bwrapPath);
  if (!isFilteredArchitecture(process.arch)) throw unavailable(`there is no system call filter for ${process.arch}`, 'Use an x64 or arm64 machine.');
  const tools: HostTools = !isRoot ? found : {
    ...found, bwrap: await reachableFile(found.bwrap),
    libraries: found.libraries !== undefined && existsSync(found.libraries) ? reachableFolder(found.libraries) : found.libraries,
  };
  sweepSharedCache();
  const etc = sandboxEtc();
  const python = findPython();
  const furniture: Furniture = {
    etc: etc.folder, emptyFile: etc.emptyFile,
    node: isRoot ? await reachableFile(process.execPath) : process.execPath,
    pythonPrefix: python?.prefix === undefined || !isRoot ? python?.prefix : reachableFolder(python.prefix),
  };
  const parts: BubblewrapParts = {
    tools, furniture, isRoot, shape: findShape(tools, furniture), seccomp: seccompFilter(process.arch), memory: await memoryLimiter(options.controlGroups !== false),
  };
  const sandbox = new BubblewrapSandbox(parts);
  await proveSandbox(sandbox);
  return sandbox;
}
