import { Injectable } from '@nestjs/common';
import { cancelled } from '@cascade/contracts';
import { Cascades, isTerminal } from '@cascade/state';

/**
 * Keeps work that leaves something behind from cascades that have ended. The state is looked at before and after: a
 * cascade that ends meanwhile may have been cleaned up before the work was done, so the work takes itself back; one that
 * ends later is cleaned up after it. A worker that dies in between leaves a command that another takes, and refuses.
 */
@Injectable()
export class LiveCascades {
  constructor(private readonly cascades: Cascades) {}

  /**
   * `takeBack` must be safe to repeat, and to call when nothing was done. Throws a cancelled error after the end;
   * `alsoCompleted`: what belongs to the result may follow after it.
   */
  async run<T>(cascadeId: string, work: () => Promise<T>, takeBack: () => Promise<unknown>, alsoCompleted = false): Promise<T> {
    const [done] = await this.hasEnded(cascadeId, alsoCompleted) ? [] : await Promise.allSettled([work()]);
    if (done === undefined || await this.hasEnded(cascadeId, alsoCompleted)) {
      await takeBack();
      throw cancelled(`Cascade ${cascadeId} has ended.`);
    }
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  }

  /** Cascades without a record are callers of the commands' own, and never end. */
  private async hasEnded(cascadeId: string, alsoCompleted: boolean): Promise<boolean> {
    const state = await this.cascades.stateOf(cascadeId);
    return state !== undefined && isTerminal(state) && !(alsoCompleted && state === 'completed');
  }
}
