import { Injectable, Logger } from '@nestjs/common';
import { asCascadeError, type Effect, type Problem } from '@cascade/contracts';
import { Effects, type CascadeState, type EffectRecord, type UndoProgress } from '@cascade/state';
import { Undos } from './undos.js';

/** An undo that failed so often waits for a person. */
export const MAX_UNDO_FAILURES = 3;

/** What git left beside its records: undone after everything else. */
const rest: Effect = { kind: 'git.rest', key: 'all', undo: {} };

export interface ParkedUndo {
  /** Kind and key of the effect. */
  readonly effect: string;
  readonly code: string;
  readonly message: string;
}

/** Where a clean-up stands after a pass. */
export interface CleanUpStand {
  /** Not taken back yet, and tried again by the next pass. */
  readonly open: readonly string[];
  readonly parked: readonly ParkedUndo[];
  readonly undone: number;
  readonly kept: number;
}

/**
 * Takes back what a cascade did, the last effect first. Each effect is `open` until its undo has succeeded (`done`), it
 * turns out to be part of the result (`kept`), or its undo has failed three times (`parked`, until a person asks for
 * another try). A pass tries every open one once, whatever happens to the others; where each stands is written at once,
 * so a supervisor that is killed in the middle leaves a clean-up that the next one continues.
 */
@Injectable()
export class CleanUpSaga {
  private readonly logger = new Logger(CleanUpSaga.name);

  constructor(private readonly effects: Effects, private readonly undos: Undos) {}

  /** `ending` decides what belongs to the result. Throws only when Redis does, and when `signal` aborts. */
  async pass(cascadeId: string, ending: CascadeState, signal: AbortSignal): Promise<CleanUpStand> {
    await this.effects.addLast(cascadeId, rest);
    let silence: Problem | undefined;
    for (const record of await this.effects.list(cascadeId)) {
      if (record.progress.state !== 'open') continue;
      const problem = await this.settle(cascadeId, record, ending, signal, silence);
      if (problem?.code === 'CASC_COMMAND_TIMEOUT') silence = problem;
    }
    return standOf(await this.effects.list(cascadeId));
  }

  /** Gives the parked undos another three tries; their number. */
  async reopen(cascadeId: string): Promise<number> {
    const parked = (await this.effects.list(cascadeId)).filter((record) => record.progress.state === 'parked');
    for (const record of parked) await this.effects.settle(cascadeId, record, { ...record.progress, state: 'open', failures: 0 });
    return parked.length;
  }

  /** `silence`: git-worker did not answer in this pass, so it is not asked again, and its undos have failed this time. */
  private async settle(cascadeId: string, record: EffectRecord, ending: CascadeState, signal: AbortSignal, silence: Problem | undefined): Promise<Problem | undefined> {
    const { effect, progress, field } = record;
    if (effect === undefined) {
      await this.park(cascadeId, record, progress, { code: 'CASC_EFFECT_INVALID', message: 'The record of this effect is not valid, so nobody knows how to take it back.' });
      return undefined;
    }
    if (isResult(effect) && ending === 'completed') {
      await this.effects.settle(cascadeId, record, { ...progress, state: 'kept' });
      return undefined;
    }
    const name = `clean-up/${field}/${progress.tries + 1}`;
    const problem = effect.kind !== 'agent' && silence !== undefined ? silence : await this.attempt(effect, { cascadeId, name, signal });
    const { problem: _before, ...known } = progress;
    const next: UndoProgress = { ...known, tries: progress.tries + 1 };
    if (problem === undefined) await this.effects.settle(cascadeId, record, { ...next, state: 'done' });
    else await this.failed(cascadeId, record, next, problem);
    return problem;
  }

  private async attempt(effect: Effect, attempt: Parameters<Undos['undo']>[1]): Promise<Problem | undefined> {
    try {
      await this.undos.undo(effect, attempt);
      return undefined;
    } catch (error) {
      attempt.signal.throwIfAborted(); // we stop; that says nothing about the undo
      return asCascadeError(error).toProblem();
    }
  }

  private async failed(cascadeId: string, record: EffectRecord, progress: UndoProgress, problem: Problem): Promise<void> {
    const next = { ...progress, failures: progress.failures + 1, problem: { code: problem.code, message: problem.message.slice(0, 2000) } };
    if (next.failures >= MAX_UNDO_FAILURES) await this.park(cascadeId, record, next, next.problem);
    else await this.effects.settle(cascadeId, record, next);
  }

  private async park(cascadeId: string, record: EffectRecord, progress: UndoProgress, problem: { code: string; message: string }): Promise<void> {
    const written = await this.effects.settle(cascadeId, record, { ...progress, state: 'parked', problem });
    if (written) this.logger.error(`CASC_CLEAN_UP_PARKED: ${record.field} of cascade ${cascadeId} could not be taken back: ${problem.code} ${problem.message}`);
  }
}

const isResult = ({ kind }: Effect): boolean => kind === 'git.branch' || kind === 'git.push';

function standOf(records: readonly EffectRecord[]): CleanUpStand {
  const inState = (state: UndoProgress['state']): EffectRecord[] => records.filter((record) => record.progress.state === state);
  return {
    open: inState('open').map((record) => record.field),
    parked: inState('parked').map(({ field, progress }) => ({ effect: field.slice(0, 300), code: progress.problem?.code ?? 'CASC_DEFECT', message: progress.problem?.message ?? '' })),
    undone: inState('done').length,
    kept: inState('kept').length,
  };
}
