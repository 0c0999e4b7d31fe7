import { But, conformanceChecks, GitButlerDriver, runCheck } from '@cascade/git';
import { readHostConfig } from '@cascade/service-host';
import type { Check } from './check.js';

/** What spreads stories over branches here. Never a fault: without GitButler worktrees do. */
export async function checkDriver(env: NodeJS.ProcessEnv): Promise<Omit<Check, 'name'>> {
  const { workspaceDriver } = readHostConfig(env);
  if (workspaceDriver === 'worktree') return { ok: true, detail: 'git worktrees; stories are not spread over branches (CASCADE_WORKSPACE_DRIVER)' };
  const { ok, version = '', reason = '' } = await new But().probe();
  if (ok) return { ok: true, detail: `${version} spreads stories over branches` };
  return { ok: true, detail: `git worktrees spread stories over branches, because ${reason}`, advice: 'GitButler\'s command line (0.22 or later) is at https://gitbutler.com; docs/gitbutler.md says what it is used for.' };
}

/** What Cascade needs of the `but` of this machine, one check after the other, each in a folder of its own. */
export async function* gitButlerChecks(): AsyncGenerator<() => Promise<Check>> {
  const { ok, version = '', reason = '' } = await new But().probe();
  yield async () => ({ name: 'but', ok, detail: ok ? version : reason, ...(ok ? {} : { advice: 'Install GitButler\'s command line, 0.22 or later.' }) });
  if (!ok) return;
  for (const name of Object.keys(conformanceChecks)) {
    yield async () => {
      await runCheck(name, ({ runner, trash }) => new GitButlerDriver(runner, trash));
      return { name: 'but', ok: true, detail: name };
    };
  }
}
