import type { TestPlan } from '@cascade/contracts';
import { noDependencies, type Dependencies } from '../run/run-tests.js';
import { npmDependencies } from './npm-dependencies.js';
import { pipDependencies } from './pip-dependencies.js';

export interface InstallOptions {
  readonly plan: TestPlan;
  /** The workspace whose manifests count. */
  readonly folder: string;
  /** Kept between runs; a second run needs no registry. Where Cascade is root, a folder that every user can walk to saves a copy. */
  readonly cacheRoot: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
}

const pythonMount = '/opt/dependencies/python';

/**
 * Installs what a repository's tests need, before and outside the sandbox, because it needs the network that the sandbox does
 * not have. Nothing of the repository runs here: no install scripts, no source builds, no configuration of its own.
 * Throws CASC_DEPENDENCIES_FAILED (terminal) with the end of what the package manager said.
 */
export async function installDependencies({ plan, folder, cacheRoot, signal, timeoutMs }: InstallOptions): Promise<Dependencies> {
  if (plan.dependencies === 'none') return noDependencies;
  if (plan.dependencies === 'pip') {
    const packages = await pipDependencies(folder, cacheRoot, plan.runner === 'pytest', { signal, timeoutMs });
    return packages === undefined ? noDependencies : { mounts: [{ from: packages, to: pythonMount }], env: { PYTHONPATH: pythonMount } };
  }
  const modules = await npmDependencies(folder, cacheRoot, { signal, timeoutMs });
  return modules === undefined ? noDependencies : { mounts: [{ from: modules, to: '/workspace/node_modules' }], env: {} };
}
