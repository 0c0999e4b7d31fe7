import { lstatSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { terminal } from '@cascade/contracts';
import { names, sandboxMetrics, traced } from '@cascade/telemetry';
import { bwrapArguments, type Furniture, type Shape } from './bwrap-arguments.js';
import { createControlGroup } from './cgroup.js';
import { folderUsage, type FolderUsage } from './folder-usage.js';
import type { HostTools } from './host-tools.js';
import { nodeMount, pythonMount, sandboxLimits, workspaceMount } from './limits.js';
import { threadsOfUser } from './process-tree.js';
import { checkRun, type CheckedRun } from './run-options.js';
import type { Sandbox, SandboxDescription, SandboxMount, SandboxResult, SandboxRunOptions } from './sandbox.js';
import { reachable } from './shared-cache.js';
import { SupervisedRun } from './supervised-run.js';
import { UidSlots, type Slot } from './uid-slots.js';
import { giveFolder } from './workspace-owner.js';

export interface BubblewrapParts {
  readonly tools: HostTools;
  readonly shape: Shape;
  readonly furniture: Furniture;
  readonly seccomp: Buffer;
  readonly memory: SandboxDescription['memory'];
  readonly isRoot: boolean;
}

/** Only what starts bubblewrap; never the service's own environment, which holds keys. */
export function launcherEnvironment(tools: HostTools): Record<string, string> {
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...(tools.libraries === undefined ? {} : { LD_LIBRARY_PATH: tools.libraries }) };
}

/** Leaves root for good before bubblewrap starts: inside a user namespace a mapped root would still own root's files. */
export function dropUser(tools: HostTools, uid: number): string[] {
  if (tools.setpriv === undefined) return [];
  return [tools.setpriv, `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs', '--'];
}

/** Mount points that bubblewrap will have to make directly in the workspace, and that would stay behind as empty folders. */
function newMountPoints(run: CheckedRun): string[] {
  return [...run.readOnly, ...run.writable]
    .map(({ to }) => to)
    .filter((to) => to.startsWith(`${workspaceMount}/`) && !to.slice(workspaceMount.length + 1).includes('/'))
    .map((to) => join(run.cwd, to.slice(workspaceMount.length + 1)))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false }) === undefined);
}

/** The sandbox port, by bubblewrap. Made by `openSandbox`, which proves that it holds before anybody gets it. */
export class BubblewrapSandbox implements Sandbox {
  private readonly slots = new UidSlots();
  readonly description: SandboxDescription;

  constructor(private readonly parts: BubblewrapParts) {
    for (const metric of [sandboxMetrics.runs, sandboxMetrics.seconds]) metric.begin();
    this.description = {
      bwrap: parts.tools.bwrap, memory: parts.memory, ownUser: parts.isRoot, ownProc: parts.shape.ownProc, node: nodeMount,
      python: parts.furniture.pythonPrefix === undefined ? undefined : `${pythonMount}/bin/python3`,
    };
  }

  run(argv: readonly string[], options: SandboxRunOptions): Promise<SandboxResult> {
    const attributes = { [names.processExecutable]: argv[0], [names.processArguments]: argv };
    return traced(`sandbox ${basename(argv[0] ?? '')}`, { attributes }, async (span) => {
      const result = await this.runInSlot(argv, options);
      span.set({ [names.processExitCode]: result.exitCode ?? undefined, [names.sandboxSignal]: result.signal ?? undefined, [names.sandboxLimit]: result.killedBy ?? undefined });
      return result;
    });
  }

  private async runInSlot(argv: readonly string[], options: SandboxRunOptions): Promise<SandboxResult> {
    const checked = checkRun(argv, options);
    const run = { ...checked, readOnly: await this.readable(checked.readOnly) };
    const begin = performance.now();
    try {
      const result = await this.runWithSlot(run);
      sandboxMetrics.runs.add({ result: result.killedBy ?? (result.exitCode === 0 ? 'passed' : 'failed') });
      return result;
    } catch (error) {
      sandboxMetrics.runs.add({ result: 'error' });
      throw error;
    } finally {
      sandboxMetrics.seconds.observe({}, (performance.now() - begin) / 1_000);
    }
  }

  private async runWithSlot(run: CheckedRun): Promise<SandboxResult> {
    const slot = await this.slots.take(run.signal);
    try {
      return await this.runIn(slot, run);
    } finally {
      this.slots.give(slot);
    }
  }

  async prepareFolder(folder: string): Promise<void> {
    const slot = await this.slots.take();
    try {
      await this.give(folder, slot);
    } finally {
      this.slots.give(slot);
    }
  }

  private async give(folder: string, slot: Slot): Promise<void> {
    if (this.parts.isRoot) await giveFolder(folder, slot.uid);
  }

  private async readable(mounts: readonly SandboxMount[]): Promise<SandboxMount[]> {
    return Promise.all(mounts.map(async ({ from, to }) => ({ from: this.parts.isRoot ? await reachable(from) : from, to })));
  }

  private async runIn(slot: Slot, run: CheckedRun): Promise<SandboxResult> {
    const folders = [run.cwd, ...run.writable.map(({ from }) => from)];
    for (const folder of folders) await this.give(folder, slot);
    const usageLimit = await this.usageLimit(folders, run);
    const made = newMountPoints(run);
    const group = this.parts.memory === 'watchdog' ? undefined : createControlGroup(run.memoryBytes, run.maxProcesses);
    try {
      return await new SupervisedRun({
        argv: this.commandLine(slot, run, group === undefined), env: launcherEnvironment(this.parts.tools), seccomp: this.parts.seccomp, group,
        memoryBytes: run.memoryBytes, maxProcesses: run.maxProcesses, timeoutMs: run.timeoutMs, maxOutputBytes: run.maxOutputBytes, folders, usageLimit, signal: run.signal,
      }).result();
    } finally {
      await group?.remove();
      // Not empty, or replaced by something else: then it is the command's work and not ours to remove.
      for (const path of made) await rmdir(path).catch(() => undefined);
    }
  }

  private async usageLimit(folders: readonly string[], run: CheckedRun): Promise<FolderUsage> {
    const before = await folderUsage(folders, { bytes: Number.MAX_SAFE_INTEGER, entries: sandboxLimits.files });
    if (before.entries > sandboxLimits.files) {
      throw terminal('CASC_SANDBOX_FOLDER', `The workspace holds more than ${sandboxLimits.files} files and folders`, { advice: 'Leave build results and dependencies out of the repository.' });
    }
    return { bytes: before.bytes + run.maxDiskBytes, entries: before.entries + run.maxFiles };
  }

  private commandLine(slot: Slot, run: CheckedRun, withoutGroup: boolean): string[] {
    const { tools, shape, furniture } = this.parts;
    return [
      ...dropUser(tools, slot.uid),
      tools.prlimit, ...this.limits(run, withoutGroup), '--',
      tools.bwrap,
      ...bwrapArguments(shape, furniture, { ...run, tmpBytes: sandboxLimits.tmpBytes }),
      '--', ...run.argv,
    ];
  }

  /** RLIMIT_AS is left alone on purpose: Node needs more than a gigabyte of address space merely to start. */
  private limits(run: CheckedRun, withoutGroup: boolean): string[] {
    const shared = this.parts.isRoot ? 0 : threadsOfUser(process.getuid?.() ?? 0) + run.maxProcesses * (sandboxLimits.slots - 1);
    return [
      `--nproc=${shared + run.maxProcesses}`, `--fsize=${run.maxFileBytes}`, `--nofile=${sandboxLimits.openFiles}`, '--core=0',
      `--cpu=${Math.ceil(run.timeoutMs / 1000) * 4}`,
      ...(withoutGroup ? [`--data=${run.memoryBytes + sandboxLimits.dataSlackBytes}`] : []),
    ];
  }
}
