import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { terminal } from '@cascade/contracts';
import { sandboxLimits, workspaceMount } from './limits.js';
import type { SandboxRunOptions } from './sandbox.js';

const MAX_ARGUMENT = 100_000;
const closed = /^\/(?:proc|dev|etc|usr|bin|sbin|lib\w*|tmp|sys)?(?:\/|$)/;

const positive = (most: number, preset: number) => z.number().int().positive().max(most).default(preset);
const noNul = (text: string): boolean => !text.includes('\0');

const mount = z.object({
  from: z.string().refine(isAbsolute, 'must be absolute'),
  to: z.string().refine((path) => isAbsolute(path) && normalize(path) === path && path !== '/' && !path.endsWith('/'), 'must be an absolute, normal path')
    .refine((path) => !closed.test(path), 'must not cover what the sandbox itself provides'),
});

const schema = z.object({
  argv: z.array(z.string().max(MAX_ARGUMENT).refine(noNul, 'must not contain NUL')).min(1).max(1000),
  cwd: z.string().refine(isAbsolute, 'must be absolute'),
  timeoutMs: z.number().int().positive().max(sandboxLimits.maxTimeoutMs),
  memoryBytes: positive(64 * sandboxLimits.memoryBytes, sandboxLimits.memoryBytes),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(MAX_ARGUMENT).refine(noNul, 'must not contain NUL')).default({}),
  readOnly: z.array(mount).max(32).default([]),
  writable: z.array(mount).max(8).default([]),
  maxOutputBytes: positive(64 * sandboxLimits.outputBytes, sandboxLimits.outputBytes),
  maxDiskBytes: positive(64 * sandboxLimits.diskBytes, sandboxLimits.diskBytes),
  maxFiles: positive(20 * sandboxLimits.files, sandboxLimits.files),
  maxFileBytes: positive(16 * sandboxLimits.fileBytes, sandboxLimits.fileBytes),
  maxProcesses: positive(4096, sandboxLimits.processes),
});

export type CheckedRun = z.output<typeof schema> & { readonly signal: AbortSignal | undefined };

/** Where a mount inside the workspace would follow a link that the repository planted, or lie on a file. */
function badMountPoint(cwd: string, to: string): string | undefined {
  if (!to.startsWith(`${workspaceMount}/`)) return undefined;
  let path = cwd;
  for (const part of to.slice(workspaceMount.length + 1).split('/')) {
    path = join(path, part);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (!stat.isDirectory()) return `${to}: the workspace has something there that is not a folder`;
  }
  return undefined;
}

/** Parses and bounds a run's options. Throws CASC_SANDBOX_OPTIONS (terminal) with every problem. */
export function checkRun(argv: readonly string[], options: SandboxRunOptions): CheckedRun {
  const { signal, ...rest } = options;
  const parsed = schema.safeParse({ argv, ...rest });
  const bad = (findings: string[]) => terminal('CASC_SANDBOX_OPTIONS', `The sandbox was asked for something impossible: ${findings[0] ?? ''}`, { findings });
  if (!parsed.success) throw bad(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  if (!statSync(parsed.data.cwd, { throwIfNoEntry: false })?.isDirectory()) throw bad([`cwd ${parsed.data.cwd} is not a folder`]);
  const cwd = realpathSync(parsed.data.cwd);
  const mounts = [...parsed.data.readOnly, ...parsed.data.writable]
    .map(({ from, to }) => (existsSync(from) ? badMountPoint(cwd, to) : `${from} does not exist`))
    .filter((problem) => problem !== undefined);
  if (mounts.length > 0) throw bad(mounts);
  return { ...parsed.data, cwd, signal };
}
