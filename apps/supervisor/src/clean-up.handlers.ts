import { Controller } from '@nestjs/common';
import {
  cascadeCancelled, cascadeCleaned, cascadeCleanUpParked, cascadeCleanUpRequested, cascadeCompleted, cascadeFailed, cascadeTimedOut,
  publication, retryable, terminal, type CascadeEvent, type EventOf, type Outcome, type Run,
} from '@cascade/contracts';
import { Cascades, isTerminal, type CascadeState } from '@cascade/state';
import { OnEvent } from '@cascade/streams';
import { Redis } from 'ioredis';
import { beginEndings, countEnding, type Ending } from './count-ending.js';
import { CleanUpSaga, type CleanUpStand } from './clean-up-saga.js';

/** Most parked undos that an event names; all of them are in `cascade:<id>:effects`. */
const MAX_TOLD = 50;

/** After any end: what the cascade left outside its result is taken back, and its keys expire. */
@Controller()
export class CleanUpHandlers {
  constructor(private readonly saga: CleanUpSaga, private readonly cascades: Cascades, private readonly redis: Redis) {
    beginEndings();
  }

  @OnEvent(cascadeCompleted)
  completed(event: EventOf<typeof cascadeCompleted>, run: Run): Promise<Outcome> {
    return this.ended(event, 'completed', run);
  }

  @OnEvent(cascadeFailed)
  failed(event: EventOf<typeof cascadeFailed>, run: Run): Promise<Outcome> {
    return this.ended(event, 'failed', run);
  }

  @OnEvent(cascadeTimedOut)
  timedOut(event: EventOf<typeof cascadeTimedOut>, run: Run): Promise<Outcome> {
    return this.ended(event, 'timed_out', run);
  }

  @OnEvent(cascadeCancelled)
  cancelled(event: EventOf<typeof cascadeCancelled>, run: Run): Promise<Outcome> {
    return this.ended(event, 'cancelled', run);
  }

  /** A person has put right what stood in the way. Throws `CASC_CASCADE_RUNNING` (terminal) when there is no end yet. */
  @OnEvent(cascadeCleanUpRequested)
  async requested(event: EventOf<typeof cascadeCleanUpRequested>, run: Run): Promise<Outcome> {
    const state = await this.cascades.stateOf(event.cascadeId);
    if (state === undefined || !isTerminal(state)) {
      throw terminal('CASC_CASCADE_RUNNING', `Cascade ${event.cascadeId} has not ended; there is nothing to clean up yet.`, { advice: 'Cancel it first: `cascade cancel <id>`.' });
    }
    await run.step(`clean-up/reopen/${event.id}`, () => this.saga.reopen(event.cascadeId)); // once: a retry must not reopen again
    return this.cleanUp(event, state, run);
  }

  /** Counted in a step: a clean-up may take several tries. */
  private async ended(event: CascadeEvent, ending: Ending, run: Run): Promise<Outcome> {
    await run.step('clean-up/counted', async () => {
      await countEnding(this.redis, event.cascadeId, ending);
      return null;
    });
    return this.cleanUp(event, ending, run);
  }

  /** Throws `CASC_CLEAN_UP_UNFINISHED` (retryable) while an undo may still succeed. */
  private async cleanUp(event: CascadeEvent, ending: CascadeState, run: Run): Promise<Outcome> {
    const { cascadeId } = event;
    const stand = await this.saga.pass(cascadeId, ending, run.signal);
    if (stand.open.length > 0) {
      throw retryable('CASC_CLEAN_UP_UNFINISHED', `${stand.open.length} effects of cascade ${cascadeId} could not be taken back yet.`, { findings: stand.open.slice(0, MAX_TOLD) });
    }
    const isKnown = await this.cascades.stateOf(cascadeId) !== undefined;
    return {
      save: [...(isKnown ? [this.cascades.cleanUpWrite(cascadeId, parkedProblem(stand))] : []), ...this.cascades.retentionWrites(cascadeId, Date.parse(event.time))],
      publish: [stand.parked.length === 0
        ? publication(cascadeCleaned, { undone: stand.undone, kept: stand.kept })
        : publication(cascadeCleanUpParked, { parked: stand.parked.length, effects: stand.parked.slice(0, MAX_TOLD) })],
    };
  }
}

function parkedProblem({ parked }: CleanUpStand): { code: string; message: string } | undefined {
  const [first] = parked;
  if (first === undefined) return undefined;
  const more = parked.length === 1 ? '' : ` (and ${parked.length - 1} more)`;
  return { code: first.code, message: `${first.effect}: ${first.message}${more}` };
}
