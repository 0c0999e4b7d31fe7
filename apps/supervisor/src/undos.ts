import { Injectable } from '@nestjs/common';
import { gitCleanUp, gitCloseRepository, gitCloseWorkspace, gitWithdrawBranch, type CommandDefinition, type Effect, type EffectKind, type RequestOf } from '@cascade/contracts';
import { Agents } from '@cascade/state';
import { CommandClient } from '@cascade/streams';

/** How long an undo waits for the service that does it, in milliseconds. */
export const UNDO_PATIENCE_MS = 60_000;

/** One try to take an effect back. */
export interface UndoAttempt {
  readonly cascadeId: string;
  /** Names the try: the same one after a crash is the same piece of work, the next one is another. */
  readonly name: string;
  readonly signal: AbortSignal;
}

type Table = { readonly [K in EffectKind]: (effect: Extract<Effect, { kind: K }>, attempt: UndoAttempt) => Promise<unknown> };

/** How each kind of effect is taken back. Every undo is safe to repeat, and does nothing when nothing is there. */
@Injectable()
export class Undos {
  constructor(private readonly commands: CommandClient, private readonly agents: Agents) {}

  private readonly table: Table = {
    'agent': ({ key }) => this.agents.retire(key),
    'git.repository': (_effect, attempt) => this.send(gitCloseRepository, { cascadeId: attempt.cascadeId }, attempt),
    'git.workspace': ({ key, undo }, attempt) => this.send(gitCloseWorkspace, { cascadeId: attempt.cascadeId, key, ...undo }, attempt),
    'git.branch': ({ key, undo }, attempt) => this.send(gitWithdrawBranch, { cascadeId: attempt.cascadeId, branch: key, ...undo }, attempt),
    'git.push': ({ undo }, attempt) => this.send(gitWithdrawBranch, { cascadeId: attempt.cascadeId, ...undo }, attempt),
    'git.rest': (_effect, attempt) => this.send(gitCleanUp, { cascadeId: attempt.cascadeId }, attempt),
  };

  /** Throws what the service that does it answers; `CASC_COMMAND_TIMEOUT` (retryable) when it does not answer in time. */
  async undo(effect: Effect, attempt: UndoAttempt): Promise<void> {
    await (this.table[effect.kind] as (effect: Effect, attempt: UndoAttempt) => Promise<unknown>)(effect, attempt);
  }

  private async send<D extends CommandDefinition>(definition: D, request: RequestOf<D>, { cascadeId, name, signal }: UndoAttempt): Promise<void> {
    await this.commands.send(definition, request, { key: name, cascadeId, signal: AbortSignal.any([signal, AbortSignal.timeout(UNDO_PATIENCE_MS)]) });
  }
}
