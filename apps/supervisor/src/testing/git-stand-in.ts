import { Controller, Module } from '@nestjs/common';
import { gitCleanUp, gitCloseRepository, gitCloseWorkspace, gitWithdrawBranch, retryable, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { OnCommand } from '@cascade/streams';

/** What was undone, in order; and what the next undo of a name does before: wait, or fail. */
export const git = {
  undone: [] as string[],
  before: new Map<string, () => Promise<void>>(),
  reset(): void {
    git.undone.length = 0;
    git.before.clear();
  },
  fails(name: string): void {
    git.before.set(name, () => Promise.reject(retryable('CASC_GIT_BUSY', `${name} is busy.`)));
  },
};

async function undo<T>(name: string, reply: T): Promise<T> {
  await git.before.get(name)?.();
  git.undone.push(name);
  return reply;
}

/** Stands where git-worker stands: answers its commands, as another service. */
@Controller()
class GitHandlers {
  @OnCommand(gitCloseWorkspace)
  closeWorkspace({ key }: RequestOf<typeof gitCloseWorkspace>): Promise<ReplyOf<typeof gitCloseWorkspace>> {
    return undo(key, { closed: true });
  }

  @OnCommand(gitCloseRepository)
  closeRepository(): Promise<ReplyOf<typeof gitCloseRepository>> {
    return undo('repository', { refs: 2 });
  }

  @OnCommand(gitWithdrawBranch)
  withdrawBranch({ branch }: RequestOf<typeof gitWithdrawBranch>): Promise<ReplyOf<typeof gitWithdrawBranch>> {
    return undo(branch, { withdrawn: true });
  }

  @OnCommand(gitCleanUp)
  cleanUp(): Promise<ReplyOf<typeof gitCleanUp>> {
    return undo('rest', { workspaces: 0, refs: 0 });
  }
}

@Module({ controllers: [GitHandlers] })
export class GitStandIn {}
