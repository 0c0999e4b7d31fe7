import { GitButlerDriver } from './gitbutler/gitbutler-driver.js';
import type { GitRunner } from './git-runner.js';
import type { Trash } from './trash.js';
import type { WorkspaceDriver } from './workspace-driver.js';

/** `worktree`: stories are not spread over branches; the two others do that, `gitbutler` says when it has to do without `but`. */
export const driverChoices = ['worktree', 'gitbutler', 'auto'] as const;
export type DriverChoice = (typeof driverChoices)[number];

export interface ChosenDriver {
  readonly driver: WorkspaceDriver;
  /** One line that says what was chosen, and why. */
  readonly line: string;
}

/** GitButler where it is wanted and there, worktrees otherwise. */
export async function chooseDriver(choice: DriverChoice, worktrees: WorkspaceDriver, runner: GitRunner, trash: Trash, gitbutler = new GitButlerDriver(runner, trash)): Promise<ChosenDriver> {
  if (choice === 'worktree') return { driver: worktrees, line: 'git worktrees' };
  const { ok, version = 'GitButler', reason = '' } = await gitbutler.probe();
  return ok ? { driver: gitbutler, line: version } : { driver: worktrees, line: `git worktrees, because ${reason}` };
}
